// On a host without a Worker: tells Slotwise who the page is for, in place of what it would find out by itself.
// A real site writes such an element with what it knows about its visitor.

import { keep, personaFields } from "./persona.js";

const fields = personaFields();
keep(fields);
if (fields.size > 0) {
  const element = document.createElement("script");
  element.type = "application/json";
  element.id = "slotwise-context";
  element.textContent = JSON.stringify(contextOf(fields));
  document.head.append(element);
}

function contextOf(fields) {
  const field = (name) => fields.get(`as.${name}`) ?? undefined;
  const { timeZone, ...geo } = parsed(field("place"));
  const id = field("visitor");
  const attributes = { id, time: clock(field("date"), field("hour"), timeZone) };
  if (fields.has("as.place")) attributes.geo = geo;
  if (fields.has("as.device")) attributes.device = { type: field("device") };
  if (fields.has("as.campaign")) attributes.utm = { campaign: field("campaign") };
  if (URL.canParse(field("referrer"))) attributes.referrer = { host: new URL(field("referrer")).hostname };
  return { attributes, consent: { personalization: id !== undefined } };
}

function parsed(place) {
  try {
    return Object(JSON.parse(place));
  } catch {
    return {};
  }
}

/** What a clock and a calendar show in a time zone; what is not said is as it is now. */
function clock(date, hour, timeZone) {
  const [today, time] = now(timeZone).split(" ");
  const day = Number.isNaN(Date.parse(date)) ? today : date;
  const [, month] = day.split("-").map(Number);
  return {
    hour: Number.parseInt(hour ?? time, 10),
    weekday: new Date(day).getUTCDay() || 7,
    month,
    date: day,
  };
}

/** A time zone that does not exist is the browser's own. */
function now(timeZone) {
  const options = { dateStyle: "short", timeStyle: "short" };
  try {
    return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone }).format();
  } catch {
    return new Intl.DateTimeFormat("sv-SE", options).format();
  }
}
