//! Fold-in worked by hand, and against `implicit`.

use super::*;

fn interaction(item: u16, weight: f32) -> Interaction {
    Interaction { item, weight }
}

/// Items (1, 0), (0, 1) and (1, 1). YᵀY is (2 1; 1 2), and λ = 1 makes it (3 1; 1 3).
fn plane() -> Factors {
    let (vectors, _) = Quantised::new(&[1.0, 0.0, 0.0, 1.0, 1.0, 1.0], 2).unwrap();
    Factors { vectors, gram: vec![3.0, 1.0, 1.0, 3.0] }
}

fn user(factors: &Factors, history: &[Interaction]) -> Vec<f32> {
    let mut visitor = FoldIn::default();
    factors.fold_in(history, &mut visitor);
    visitor.user().to_vec()
}

#[test]
fn by_hand() {
    // Item 0 with confidence 3: (5 1; 1 3) u = (3, 0), so u = (9, −3) / 14.
    assert_eq!(user(&plane(), &[interaction(0, 3.0)]), [9.0 / 14.0, -3.0 / 14.0]);
    // And item 1 disliked by 2: (5 1; 1 4) u = (3, 0), so u = (12, −3) / 19.
    assert_eq!(user(&plane(), &[interaction(0, 3.0), interaction(1, -2.0)]), [12.0 / 19.0, -3.0 / 19.0]);
}

#[test]
fn shares_by_item() {
    // Items 0 and 1, confidences 3 and 1: (5 1; 1 3) u = (3, 1), so u = (8, 2) / 14, and item 2 scores 10/14.
    // Item 0 alone gave (9, −3) / 14, so 6/14; item 1 the rest.
    let (factors, mut visitor, mut shares) = (plane(), FoldIn::default(), vec![(9, 9.0)]);
    factors.fold_in(&[interaction(0, 3.0), interaction(1, 1.0)], &mut visitor);
    visitor.shares(&factors, 2, &mut shares);
    let [(0, first), (1, second)] = shares[..] else { panic!("{shares:?}") };
    assert!((first - 6.0 / 14.0).abs() < 1e-12 && (second - 4.0 / 14.0).abs() < 1e-12, "{shares:?}");
}

#[test]
fn what_has_no_solution() {
    assert!(user(&plane(), &[]).is_empty());
    assert!(user(&plane(), &[interaction(3, 1.0)]).is_empty(), "an item that is none");
    assert!(user(&plane(), &[interaction(0, f32::NAN)]).is_empty());
    assert!(user(&plane(), &[interaction(0, f32::INFINITY)]).is_empty());
    let indefinite = Factors { gram: vec![1.0, 2.0, 2.0, 1.0], ..plane() };
    assert!(user(&indefinite, &[interaction(0, 1.0)]).is_empty());
    // The memory of one visitor is not the next one's.
    let (factors, mut visitor, mut shares) = (plane(), FoldIn::default(), Vec::new());
    factors.fold_in(&[interaction(0, 3.0)], &mut visitor);
    factors.fold_in(&[], &mut visitor);
    visitor.shares(&factors, 2, &mut shares);
    assert!(visitor.user().is_empty() && shares.is_empty());
}

#[test]
fn soundness() {
    assert!(plane().is_sound(3) && !plane().is_sound(2));
    assert!(!Factors { gram: vec![1.0; 3], ..plane() }.is_sound(3));
    assert!(!Factors { gram: vec![f32::NAN; 4], ..plane() }.is_sound(3));
}
