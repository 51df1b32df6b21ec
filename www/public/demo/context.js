// On a host without a Worker: tells Slotwise who the page is for, in place of what it would find out by itself.
// A real site writes this element with what it knows about its visitor.

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
  const attributes = {};
  const { timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone, ...geo } = place(fields.get("as.place"));
  const id = fields.get("as.visitor");
  if (fields.has("as.place")) attributes.geo = geo;
  if (fields.has("as.device")) attributes.device = { type: fields.get("as.device") };
  if (fields.has("as.campaign")) attributes.utm = { campaign: fields.get("as.campaign") };
  if (URL.canParse(fields.get("as.referrer"))) attributes.referrer = { host: new URL(fields.get("as.referrer")).hostname };
  if (id !== null) attributes.id = id;
  return {
    attributes,
    consent: { personalization: id !== null },
    timeZone,
    now: moment(fields.get("as.date"), fields.get("as.hour"), timeZone),
  };
}

function place(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The moment at which clocks in a time zone show this; what is not said is as it is now. */
function moment(date, hour, timeZone) {
  const now = Date.now();
  const [today, time] = new Date(now + ahead(now, timeZone)).toISOString().split("T");
  const clock = /^\d\d?$/.test(hour) ? `${hour.padStart(2, "0")}:00` : (hour ?? time.slice(0, 5));
  const local = Date.parse(`${date ?? today}T${clock}:00Z`);
  if (Number.isNaN(local)) return now;
  const near = local - ahead(local, timeZone);
  return local - ahead(near, timeZone);
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds; 0 for one that does not exist. */
function ahead(now, timeZone) {
  try {
    const options = { dateStyle: "short", timeStyle: "medium", timeZone };
    const local = new Intl.DateTimeFormat("sv-SE", options).format(now);
    return Date.parse(`${local.replace(" ", "T")}Z`) - Math.floor(now / 1000) * 1000;
  } catch {
    return 0;
  }
}
