//! What the columns of a log are called, and what a row holds in them.

use crate::failure::Failure;

/// What a column tells of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who: needed.
    Visitor,
    /// The item that something was done to.
    Item,
    /// What was done, such as `view_item` or `purchase`; a view when there is no such column.
    Name,
    /// What it was worth: the price of a purchase, a rating, the seconds of a dwell.
    Value,
    /// When: milliseconds or seconds since 1970, or RFC 3339.
    Time,
    /// Tells the event from all others.
    Id,
    /// The item's category.
    Category,
}

/// All roles, in the order of their numbers, with the names that columns usually have.
const ROLES: [(Role, &str, &[&str]); 7] = [
    (Role::Visitor, "visitor", &["visitor", "visitor_id", "visitorId", "user", "user_id", "userId"]),
    (Role::Item, "item", &["item", "item_id", "itemId"]),
    (Role::Name, "name", &["name", "event", "event_name", "eventName"]),
    (Role::Value, "value", &["value", "rating", "price"]),
    (Role::Time, "time", &["time", "timestamp"]),
    (Role::Id, "id", &["id", "event_id", "eventId"]),
    (Role::Category, "category", &["category"]),
];

/// How many roles there are.
pub(super) const COUNT: usize = ROLES.len();

/// What columns are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Names that differ from the usual ones.
    named: Vec<(Role, String)>,
    /// Paths of attributes that popularity is counted by, such as `geo.country`.
    pub by: Vec<String>,
    /// Whether a log may have no column of items.
    without_items: bool,
}

impl Columns {
    /// The same of logs that need no column of items.
    #[must_use]
    pub fn without_items(self) -> Self {
        Self { without_items: true, ..self }
    }

    /// From text such as `visitor=customer,item=sku`, and the attributes that popularity is counted by.
    ///
    /// # Errors
    /// A role that there is not, or no name.
    pub fn new(named: &[String], by: &[String]) -> Result<Self, Failure> {
        let mut columns = Self { by: by.to_vec(), ..Self::default() };
        for text in named {
            let known = ROLES.map(|(_, role, _)| role).join(", ");
            let (role, name) = text
                .split_once('=')
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| Failure::new(format!("\"{text}\" names no column")).help("write visitor=customer_id"))?;
            let (role, ..) = ROLES.into_iter().find(|(_, known, _)| *known == role).ok_or_else(|| {
                Failure::new(format!("no column is for \"{role}\"")).help(format!("there are {known}"))
            })?;
            columns.named.push((role, name.to_owned()));
        }
        Ok(columns)
    }

    /// The names that a column may have, the first that is there being meant.
    pub(super) fn names(&self, role: Role) -> Vec<&str> {
        let named: Vec<&str> =
            self.named.iter().filter(|(known, _)| *known == role).map(|(_, name)| name.as_str()).collect();
        if named.is_empty() { ROLES[role as usize].2.to_vec() } else { named }
    }

    /// The places of columns among those that a file has.
    ///
    /// # Errors
    /// A file without what every event needs, or without a column that was asked for.
    pub(super) fn places(&self, header: &[String]) -> Result<Places, Failure> {
        let find = |name: &str| header.iter().position(|column| column == name);
        let mut places = Places { roles: [None; COUNT], by: Vec::new() };
        for (role, name, _) in ROLES {
            let names = self.names(role);
            let place = names.iter().find_map(|name| find(name));
            let is_asked = self.named.iter().any(|(known, _)| *known == role);
            let is_needed = role == Role::Visitor || (role == Role::Item && !self.without_items);
            if place.is_none() && (is_asked || is_needed) {
                return Err(Failure::new(format!("the log has no column \"{}\"", names.join("\" or \"")))
                    .help(format!("it has {}; say --columns {name}=…", header.join(", "))));
            }
            places.roles[role as usize] = place;
        }
        for path in &self.by {
            let place = find(path).ok_or_else(|| {
                Failure::new(format!("the log has no column \"{path}\"")).help(format!("it has {}", header.join(", ")))
            })?;
            places.by.push(place);
        }
        Ok(places)
    }
}

/// Where a table has its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) roles: [Option<usize>; COUNT],
    pub(super) by: Vec<usize>,
}

/// One value of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field {
    /// There is none.
    #[default]
    Missing,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A moment, in milliseconds since 1970.
    Time(f64),
    /// What is neither.
    Other,
}

impl Field {
    /// A text, of which an empty one is none.
    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Missing } else { Self::Text(text.to_owned()) }
    }
}

/// What a row holds, before it is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    roles: [Field; COUNT],
    /// The attributes that popularity is counted by.
    pub by: Vec<Option<String>>,
}

impl Fields {
    /// Sets the field of a role.
    pub fn set(&mut self, role: Role, field: Field) {
        self.roles[role as usize] = field;
    }

    /// The field of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> &Field {
        &self.roles[role as usize]
    }
}

/// All roles.
pub(super) fn roles() -> impl Iterator<Item = Role> {
    ROLES.into_iter().map(|(role, ..)| role)
}
