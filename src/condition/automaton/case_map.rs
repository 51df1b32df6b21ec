//! Which code units and characters differ by case only, from the standard library's Unicode tables.
//!
//! Two relations that JavaScript keeps apart: the one of regular expressions with the flag `i` (simple upper case of
//! single code units, [`close_over_case`]) and the one of `toLowerCase()` ([`upper_case_forms`]). Both tables are
//! constants, computed once when first needed. Final sigma is not here: it depends on the text around it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::unit_set::UnitSet;

/// All code units that a regular expression with the flag `i` and without `u` takes for a member of the set: those
/// with a `Canonicalize` (ECMA-262, 22.2.2.7.3) that some member has too.
pub(super) fn close_over_case(set: &UnitSet) -> UnitSet {
    let variants = CASE_GROUPS.iter().filter(|group| group.iter().any(|&unit| set.contains(unit)));
    let added = variants.flatten().map(|&unit| (unit, unit));
    UnitSet::from_ranges(set.ranges().iter().copied().chain(added))
}

/// Code units with the same canonical form, groups of one left out. A canonical form is its own.
static CASE_GROUPS: LazyLock<Vec<Vec<u16>>> = LazyLock::new(|| {
    let mut groups: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
    for unit in 0..=u16::MAX {
        let canonical = canonical(unit);
        if canonical != unit {
            groups.entry(canonical).or_insert_with(|| vec![canonical]).push(unit);
        }
    }
    groups.into_values().collect()
});

fn canonical(unit: u16) -> u16 {
    let Some(character) = char::from_u32(u32::from(unit)) else {
        return unit;
    };
    let mut upper = character.to_uppercase();
    match (upper.next().map(|upper| u16::try_from(u32::from(upper))), upper.next()) {
        (Some(Ok(upper)), None) if unit < 128 || upper >= 128 => upper,
        _ => unit,
    }
}

/// A character that lower-cases to something else.
pub(super) struct UpperCaseForm {
    /// What it lower-cases to.
    pub lower: Vec<u16>,
    /// The character itself.
    pub upper: Vec<u16>,
}

/// The characters whose lower case starts with this code unit and is not the character itself, except the sigmas.
pub(super) fn upper_case_forms(first_lower: u16) -> &'static [UpperCaseForm] {
    UPPER_CASE_FORMS.get(&first_lower).map_or(&[], Vec::as_slice)
}

static UPPER_CASE_FORMS: LazyLock<BTreeMap<u16, Vec<UpperCaseForm>>> = LazyLock::new(|| {
    let mut forms: BTreeMap<u16, Vec<UpperCaseForm>> = BTreeMap::new();
    let first_two_planes = '\0'..='\u{1ffff}';
    for character in first_two_planes.filter(|&character| character != 'Σ') {
        if character.to_lowercase().ne([character]) {
            let lower: Vec<u16> = character.to_lowercase().collect::<String>().encode_utf16().collect();
            let upper = character.encode_utf16(&mut [0; 2]).to_vec();
            if let Some(&first) = lower.first() {
                forms.entry(first).or_default().push(UpperCaseForm { lower, upper });
            }
        }
    }
    forms
});

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(character: char) -> Vec<char> {
        let set = close_over_case(&UnitSet::of(character as u16));
        let units = set.ranges().iter().flat_map(|&(first, last)| first..=last);
        units.map(|unit| char::from_u32(u32::from(unit)).unwrap()).collect()
    }

    #[test]
    fn case_insensitive_matching_follows_simple_upper_case() {
        assert_eq!(closed('k'), ['K', 'k'], "the Kelvin sign is its own upper case");
        assert_eq!(closed('\u{212a}'), ['\u{212a}']);
        assert_eq!(closed('s'), ['S', 's'], "long s may not become ASCII");
        assert_eq!(closed('ß'), ['ß'], "SS is two units");
        assert_eq!(closed('µ'), ['µ', 'Μ', 'μ']);
        assert_eq!(closed('ς'), ['Σ', 'ς', 'σ']);
        assert_eq!(closed('İ'), ['İ']);
        assert_eq!(closed('ǅ'), ['Ǆ', 'ǅ', 'ǆ']);
    }

    #[test]
    fn a_canonical_form_is_its_own() {
        assert!((0..=u16::MAX).all(|unit| canonical(canonical(unit)) == canonical(unit)));
    }

    #[test]
    fn no_character_beyond_the_first_two_planes_has_a_lower_case() {
        for character in '\u{20000}'..=char::MAX {
            assert!(character.to_lowercase().eq([character]), "{character:?}");
        }
    }

    #[test]
    fn dotted_capital_i_is_the_form_of_two_characters() {
        let forms = upper_case_forms(u16::from(b'i'));
        let pairs: Vec<_> = forms.iter().map(|form| (form.lower.as_slice(), form.upper.as_slice())).collect();
        assert_eq!(pairs, [(&[0x69][..], &[0x49][..]), (&[0x69, 0x307], &[0x130])]);
    }
}
