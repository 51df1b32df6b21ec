// What a site would write itself: what a visitor did as JSON in localStorage, read, added to and written back at each event. It keeps as
// much as a profile of ours does, and forgets as much.

export const KEY = "profile";
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const LIMITS = { recent: 40, applied: 48, sessions: 12, items: 32, categories: 16 };
const HALF_LIVES = { engagement: 7 * DAY, items: 7 * DAY, categories: 30 * DAY };
const WEIGHTS = { page_view: 0.2, view_item: 1, add_to_cart: 3, purchase: 5, search: 0.5, dislike: -4 };

const EMPTY = {
  firstSeen: 0,
  lastSeen: 0,
  recent: [],
  applied: [],
  hours: {},
  days: {},
  sessions: [],
  earlierSessions: 0,
  purchases: { count: 0, total: 0, last: 0 },
  engagement: { sum: 0, at: 0 },
  items: {},
  categories: {},
};

/** The profile in a storage that is used as `localStorage` is. */
export function read(storage) {
  const text = storage.getItem(KEY);
  return text === null ? structuredClone(EMPTY) : JSON.parse(text);
}

export function track(storage, event) {
  const profile = read(storage);
  if (apply(profile, event)) storage.setItem(KEY, JSON.stringify(profile));
}

function apply(profile, event) {
  const { name, item, category, value, time, id } = event;
  if (profile.applied.includes(id)) return false;
  profile.applied.push(id);
  if (profile.applied.length > LIMITS.applied) profile.applied.shift();
  profile.firstSeen ||= time;
  profile.lastSeen = Math.max(profile.lastSeen, time);
  profile.recent.push({ name, item, category, value, time });
  if (profile.recent.length > LIMITS.recent) profile.recent.shift();
  count(profile.hours, Math.floor(time / HOUR), name, 48);
  count(profile.days, Math.floor(time / DAY), name, 90);
  visit(profile, name, time);
  if (name === "purchase") {
    profile.purchases.count++;
    profile.purchases.total += value ?? 0;
    profile.purchases.last = time;
  }
  const weight = WEIGHTS[name];
  add(profile.engagement, Math.abs(weight), time, HALF_LIVES.engagement);
  if (item !== undefined) like(profile.items, item, name, time, HALF_LIVES.items, LIMITS.items);
  if (category !== undefined) like(profile.categories, category, name, time, HALF_LIVES.categories, LIMITS.categories);
  return true;
}

/** Counts by the hour or day, for so many of them. */
function count(counts, at, name, most) {
  counts[at] ??= {};
  counts[at][name] = (counts[at][name] ?? 0) + 1;
  for (const known of Object.keys(counts)) if (Number(known) < at - most) delete counts[known];
}

function visit(profile, name, time) {
  const { sessions } = profile;
  let session = sessions.at(-1);
  if (session === undefined || time - session.end >= 30 * MINUTE) {
    session = { start: time, end: time, counts: {} };
    sessions.push(session);
    if (sessions.length > LIMITS.sessions) {
      sessions.shift();
      profile.earlierSessions++;
    }
  }
  session.end = time;
  session.counts[name] = (session.counts[name] ?? 0) + 1;
}

function like(interests, key, name, time, halfLife, most) {
  interests[key] ??= {
    liked: { sum: 0, at: time },
    disliked: { sum: 0, at: time },
    times: 0,
    last: 0,
    isBought: false,
  };
  const interest = interests[key];
  const weight = WEIGHTS[name];
  add(weight > 0 ? interest.liked : interest.disliked, Math.abs(weight), time, halfLife);
  interest.times++;
  interest.last = time;
  interest.isBought ||= name === "purchase";
  const keys = Object.keys(interests);
  if (keys.length <= most) return;
  const said = ({ liked, disliked }) => Math.max(faded(liked, time, halfLife), faded(disliked, time, halfLife));
  delete interests[keys.reduce((least, key) => (said(interests[key]) < said(interests[least]) ? key : least))];
}

function add(fading, weight, time, halfLife) {
  fading.sum = faded(fading, time, halfLife) + weight;
  fading.at = time;
}

function faded({ sum, at }, time, halfLife) {
  return sum * 2 ** ((at - time) / halfLife);
}

/** What it says, in the words of a profile of ours: for a check that both are the same fold. */
export function summary(profile, now) {
  const { sessions, earlierSessions, purchases } = profile;
  return {
    sessions: earlierSessions + sessions.length,
    frequency: purchases.count,
    monetary: purchases.total,
    categories: liked(profile.categories, now, HALF_LIVES.categories),
    items: liked(profile.items, now, HALF_LIVES.items),
  };
}

/** How often something was done in the last days, or in the session that goes on. */
export function times(profile, name, within, now) {
  if (within === "session") return profile.sessions.at(-1).counts[name] ?? 0;
  const first = Math.floor((now - within + 1) / DAY);
  const counts = Object.entries(profile.days).filter(([day]) => Number(day) >= first);
  return counts.reduce((sum, [, count]) => sum + (count[name] ?? 0), 0);
}

/** Keys and how often something was done with each, the most liked first. */
function liked(interests, now, halfLife) {
  const worth = ({ liked, disliked }) => faded(liked, now, halfLife) - faded(disliked, now, halfLife);
  return Object.entries(interests)
    .map(([key, interest]) => [key, interest.times, worth(interest)])
    .filter(([, , worth]) => worth > 0)
    .sort(([, , one], [, , other]) => other - one)
    .map(([key, times]) => [key, times]);
}
