//! The texts of a profile: items, categories and names of the site's own events. Each is kept once, in one buffer, so that what mentions
//! it is small and quick to copy.

/// Stands for a text of a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(u16);

/// All texts of a profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Texts {
    /// One behind the other.
    joined: String,
    /// Where each of them ends.
    ends: Vec<u16>,
}

impl Texts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text that something stands for.
    pub(super) fn get(&self, text: Text) -> &str {
        let place = usize::from(text.0);
        let end = |place: usize| self.ends.get(place).map_or(0, |end| usize::from(*end));
        let start = place.checked_sub(1).map_or(0, end);
        self.joined.get(start..end(place)).unwrap_or_default()
    }

    /// What stands for a text, if it is there.
    pub(super) fn find(&self, text: &str) -> Option<Text> {
        let mut start = 0usize;
        let place = self.ends.iter().position(|end| {
            let end = usize::from(*end);
            let is_it = end.saturating_sub(start) == text.len() && self.joined.get(start..end) == Some(text);
            start = end;
            is_it
        });
        place.and_then(Self::at)
    }

    /// What stands for a text, which is added when it is new.
    pub(super) fn keep(&mut self, text: &str) -> Text {
        self.find(text).unwrap_or_else(|| self.push(text))
    }

    /// Adds a text that is new.
    pub(super) fn push(&mut self, text: &str) -> Text {
        let place = Self::at(self.len()).unwrap_or_default();
        self.joined.push_str(text);
        self.ends.push(u16::try_from(self.joined.len()).unwrap_or(u16::MAX));
        place
    }

    /// The text at a place.
    pub(super) fn at(place: usize) -> Option<Text> {
        u16::try_from(place).ok().map(Text)
    }
}

/// Texts in the order in which they are first mentioned.
pub(super) struct Mentions {
    pub(super) order: Vec<Text>,
    /// For each text its place in that order.
    places: Vec<u32>,
}

impl Mentions {
    pub(super) fn new(texts: &Texts) -> Self {
        Self { order: Vec::new(), places: vec![u32::MAX; texts.len()] }
    }

    pub(super) fn add(&mut self, text: Text) {
        if let Some(place) = self.places.get_mut(usize::from(text.0))
            && *place == u32::MAX
        {
            *place = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
            self.order.push(text);
        }
    }

    /// Where a text is mentioned first.
    pub(super) fn place(&self, text: Text) -> u32 {
        self.places.get(usize::from(text.0)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once() {
        let mut texts = Texts::default();
        let [boots, hat, empty, again] = ["boots", "hat", "", "boots"].map(|text| texts.keep(text));
        assert_eq!([boots, hat, empty].map(|text| texts.get(text).to_owned()), ["boots", "hat", ""]);
        assert_eq!((boots, texts.len()), (again, 3));
        assert_eq!([texts.find("hat"), texts.find("bootsh"), texts.find("ha")], [Some(hat), None, None]);
    }

    #[test]
    fn places_are_in_the_order_of_mention() {
        let mut texts = Texts::default();
        let [one, two, three] = ["one", "two", "three"].map(|text| texts.keep(text));
        let mut mentions = Mentions::new(&texts);
        for text in [three, one, three] {
            mentions.add(text);
        }
        assert_eq!(mentions.order, [three, one]);
        assert_eq!([three, one].map(|text| mentions.place(text)), [0, 1]);
        assert_eq!(mentions.place(two), u32::MAX, "it is not mentioned");
    }
}
