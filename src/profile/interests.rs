//! What a visitor likes: items or categories, and how much.

use super::fading::{Faded, HalfLife};

/// One thing and what was said for and against it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interest {
    /// The item or the category.
    pub key: String,
    /// What speaks for it.
    pub liked: Faded,
    /// What speaks against it.
    pub disliked: Faded,
    /// When something was last done with it, in milliseconds since 1970.
    pub last: u64,
    /// How often something was done with it.
    pub times: u16,
    /// Whether it was bought.
    pub is_bought: bool,
}

impl Interest {
    /// How much the visitor likes it now; negative when they do not.
    #[must_use]
    pub fn at(&self, now: u64, half_life: HalfLife) -> f64 {
        self.liked.at(now, half_life) - self.disliked.at(now, half_life)
    }

    fn says(&self) -> f64 {
        self.liked.logarithm().max(self.disliked.logarithm())
    }

    fn plus(&mut self, other: &Self) {
        self.liked = self.liked.plus(other.liked);
        self.disliked = self.disliked.plus(other.disliked);
        self.last = self.last.max(other.last);
        self.times = self.times.saturating_add(other.times);
        self.is_bought |= other.is_bought;
    }
}

/// What is known of some things.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Interests {
    /// In the order of their keys.
    entries: Vec<Interest>,
}

impl Interests {
    /// Adds what an event says; of more than `most` things, the one of which least was said is forgotten.
    pub(super) fn add(&mut self, said: &Interest, most: usize) {
        match self.find(&said.key) {
            Ok(place) => {
                if let Some(known) = self.entries.get_mut(place) {
                    known.plus(said);
                }
            }
            Err(place) => self.entries.insert(place, said.clone()),
        }
        self.forget(most);
    }

    /// Takes back what an event said.
    pub(super) fn take(&mut self, said: &Interest) {
        if let Ok(place) = self.find(&said.key)
            && let Some(known) = self.entries.get_mut(place)
        {
            known.liked = known.liked.minus(said.liked);
            known.disliked = known.disliked.minus(said.disliked);
            known.times = known.times.saturating_sub(said.times);
            if known.times == 0 {
                self.entries.remove(place);
            }
        }
    }

    /// Forgets all but those of which most was said.
    pub(super) fn forget(&mut self, but: usize) {
        while self.entries.len() > but {
            let Some(least) = least(self.entries.iter()) else { return };
            self.entries.remove(least);
        }
    }

    /// Those of which most was said, in the order of their keys.
    pub(super) fn most(&self, most: usize) -> Vec<&Interest> {
        let mut kept: Vec<&Interest> = self.entries.iter().collect();
        while kept.len() > most {
            let Some(least) = least(kept.iter().copied()) else { break };
            kept.remove(least);
        }
        kept
    }

    /// Moves all of it into the past.
    pub(super) fn earlier(&mut self, milliseconds: u64, half_life: HalfLife) {
        for interest in &mut self.entries {
            interest.liked = interest.liked.earlier(milliseconds, half_life);
            interest.disliked = interest.disliked.earlier(milliseconds, half_life);
            interest.last = interest.last.saturating_sub(milliseconds);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Interest> {
        self.entries.iter()
    }

    /// Those that the visitor likes, the most liked first; ties by key.
    pub(super) fn liked(&self, now: u64, half_life: HalfLife) -> Vec<(&Interest, f64)> {
        let mut liked = self.all(now, half_life);
        liked.retain(|(_, worth)| *worth > 0.0);
        liked
    }

    /// All of them, the most liked first and the most disliked last; ties by key. They are few, and put in their places one by one: the
    /// code of the standard library's sort would be a fifth of the module.
    pub(super) fn all(&self, now: u64, half_life: HalfLife) -> Vec<(&Interest, f64)> {
        let mut all: Vec<(&Interest, f64)> = Vec::new();
        for interest in &self.entries {
            let worth = interest.at(now, half_life);
            let place = all.partition_point(|(_, other)| *other >= worth);
            all.insert(place, (interest, worth));
        }
        all
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|interest| interest.key.as_str().cmp(key))
    }
}

/// The place of the one of which least was said.
fn least<'a>(interests: impl Iterator<Item = &'a Interest>) -> Option<usize> {
    let least = interests.enumerate().min_by(|(_, one), (_, other)| one.says().total_cmp(&other.says()));
    least.map(|(place, _)| place)
}
