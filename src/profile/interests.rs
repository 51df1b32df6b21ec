//! What a visitor likes: items or categories, and how much.

use super::fading::{Faded, HalfLife};
use super::texts::{Text, Texts};

/// One thing that the visitor likes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interest<'a> {
    /// The item or the category.
    pub key: &'a str,
    /// When something was last done with it, in milliseconds since 1970.
    pub last: u64,
    /// How often something was done with it.
    pub times: u16,
    /// Whether it was bought.
    pub is_bought: bool,
}

/// One thing and what was said for and against it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) key: Text,
    /// What speaks for it, and against it.
    pub(super) liked: Faded,
    pub(super) disliked: Faded,
    /// See [`Interest`].
    pub(super) last: u64,
    pub(super) times: u16,
    pub(super) is_bought: bool,
}

impl Said {
    /// How much the visitor likes it now; negative when they do not.
    fn at(&self, now: u64, half_life: HalfLife) -> f64 {
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
    entries: Vec<Said>,
}

impl Interests {
    /// Adds what an event says; of more than `most` things, the one of which least was said is forgotten.
    pub(super) fn add(&mut self, said: &Said, most: usize, texts: &Texts) {
        match self.find(said.key, texts) {
            Ok(place) => {
                if let Some(known) = self.entries.get_mut(place) {
                    known.plus(said);
                }
            }
            Err(place) => self.entries.insert(place, *said),
        }
        self.forget(most);
    }

    /// Takes back what an event said.
    pub(super) fn take(&mut self, said: &Said, texts: &Texts) {
        if let Ok(place) = self.find(said.key, texts)
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
            let says = |place: usize| self.entries.get(place).map_or(f64::INFINITY, Said::says);
            let least = (0..self.entries.len()).min_by(|one, other| says(*one).total_cmp(&says(*other)));
            self.entries.remove(least.unwrap_or(0));
        }
    }

    /// Gives up the digits of sums that are not written.
    pub(super) fn round(&mut self) {
        for said in &mut self.entries {
            said.liked = said.liked.rounded();
            said.disliked = said.disliked.rounded();
        }
    }

    /// Moves all of it into the past.
    pub(super) fn earlier(&mut self, milliseconds: u64, half_life: HalfLife) {
        for said in &mut self.entries {
            said.liked = said.liked.earlier(milliseconds, half_life);
            said.disliked = said.disliked.earlier(milliseconds, half_life);
            said.last = said.last.saturating_sub(milliseconds);
        }
    }

    /// In the order of their keys.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Said> {
        self.entries.iter()
    }

    /// The keys, to be replaced by others that stand for the same texts.
    pub(super) fn keys(&mut self) -> impl Iterator<Item = &mut Text> {
        self.entries.iter_mut().map(|said| &mut said.key)
    }

    /// Those that the visitor likes, the most liked first; ties by key.
    pub(super) fn liked<'a>(&self, now: u64, half_life: HalfLife, texts: &'a Texts) -> Vec<(Interest<'a>, f64)> {
        let mut liked = self.all(now, half_life, texts);
        liked.retain(|(_, worth)| *worth > 0.0);
        liked
    }

    /// All of them, the most liked first and the most disliked last; ties by key. They are few, and put in their places one by one: the
    /// code of the standard library's sort would be a fifth of the module.
    pub(super) fn all<'a>(&self, now: u64, half_life: HalfLife, texts: &'a Texts) -> Vec<(Interest<'a>, f64)> {
        let mut all: Vec<(Interest<'a>, f64)> = Vec::new();
        for said in &self.entries {
            let worth = said.at(now, half_life);
            let Said { key, last, times, is_bought, .. } = *said;
            let place = all.partition_point(|(_, other)| *other >= worth);
            all.insert(place, (Interest { key: texts.get(key), last, times, is_bought }, worth));
        }
        all
    }

    fn find(&self, key: Text, texts: &Texts) -> Result<usize, usize> {
        let key = texts.get(key);
        self.entries.binary_search_by(|said| texts.get(said.key).cmp(key))
    }
}
