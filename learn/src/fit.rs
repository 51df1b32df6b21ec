//! All models of some events.

use crate::events::Event;
use crate::failure::Failure;
use crate::interactions::Interactions;
use crate::models::content::Content;
use crate::models::ease::{Ease, STEPS as EASE_STEPS};
use crate::models::factors::Factors;
use crate::models::neighbours::Neighbours;
use crate::models::popularity::Popularity;
use crate::parameters::Parameters;
use crate::watch::Watch;

/// Beyond this many items EASE is not learned: its matrices would take more than three gigabytes.
pub const MOST_FOR_EASE: usize = 12_000;

/// What models are learned of, besides events.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// How many visitors there are.
    pub visitors: usize,
    /// How many items.
    pub items: usize,
    /// Vectors of what items are like; they depend on no event.
    pub content: Option<Content>,
}

/// Models of the same events.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// How many visitors chose what.
    pub popularity: Popularity,
    /// What goes together, by cosines.
    pub knn: Neighbours,
    /// The same by regression, where there are not too many items.
    pub ease: Option<Ease>,
    /// What explains choices.
    pub als: Factors,
}

impl Fitted {
    /// Learns all models.
    ///
    /// # Errors
    /// Parameters by which nothing can be learned.
    pub fn new(
        events: &[Event],
        material: &Material,
        parameters: &Parameters,
        seed: u64,
        watch: &dyn Watch,
    ) -> Result<Self, Failure> {
        let interactions = Interactions::new(events.iter(), material.visitors, material.items);
        let likes = interactions.liked();
        watch.stage("neighbours", material.items as u64);
        let knn = Neighbours::learn(&likes, &parameters.knn, &|| watch.step());
        let ease = if material.items <= MOST_FOR_EASE {
            watch.stage("EASE", EASE_STEPS);
            Some(Ease::learn(&likes, &parameters.ease, &|| watch.step())?)
        } else {
            None
        };
        watch.stage("factors", parameters.als.iterations as u64);
        let als = Factors::learn(&interactions, &parameters.als, seed, &|| watch.step());
        Ok(Self { popularity: Popularity::new(events.iter(), material.items), knn, ease, als })
    }
}
