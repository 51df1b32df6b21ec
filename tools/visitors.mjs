// The three visitors of the demonstration, and the addresses at which its page takes you for one of them.

import { readFileSync } from "node:fs";

const { places } = JSON.parse(readFileSync(new URL("../www/personas.json", import.meta.url), "utf8"));
const placeOf = (city) => places.find((place) => place.city === city);

/** Their contexts, as the engine takes them. What is not said is unknown. `who` and `where` name them in the page. */
export const VISITORS = [
  {
    name: "Ewa in Kraków, Friday 08:30, has consented",
    who: "Ewa",
    where: "Kraków, 08:30",
    context: {
      attributes: { id: "ewa", ...at("Kraków") },
      consent: { personalization: true },
      now: Date.parse("2026-11-20T08:30:00+01:00"),
      timeZone: "Europe/Warsaw",
    },
  },
  {
    name: "Joe in New York, Friday 19:30, has consented",
    who: "Joe",
    where: "New York, 19:30",
    context: {
      attributes: { id: "joe", ...at("New York") },
      consent: { personalization: true },
      now: Date.parse("2026-11-20T19:30:00-05:00"),
      timeZone: "America/New_York",
    },
  },
  {
    name: "Somebody on a phone in Tokyo, Friday 15:00, has refused",
    who: "A phone",
    where: "Tokyo, 15:00",
    context: {
      attributes: { ...at("Tokyo"), device: { type: "mobile" } },
      consent: { personalization: false },
      now: Date.parse("2026-11-20T15:00:00+09:00"),
      timeZone: "Asia/Tokyo",
    },
  },
];

function at(city) {
  const { timeZone: _, ...geo } = placeOf(city);
  return { geo };
}

/** A visitor as the fields of the form on top of the demonstration's pages: a query string. */
export function personaFields({ attributes, consent, now, timeZone }) {
  const { geo, device, id } = attributes;
  const { date, hour } = localTime(now, timeZone);
  const fields = {
    "as.place": JSON.stringify({ ...geo, timeZone }),
    "as.hour": hour,
    "as.date": date,
    "as.device": device?.type ?? "",
    "as.visitor": consent.personalization ? id : "",
  };
  return String(new URLSearchParams(fields));
}

function localTime(now, timeZone) {
  const options = { dateStyle: "short", timeStyle: "short", timeZone };
  const [date, hour] = new Intl.DateTimeFormat("sv-SE", options).format(now).split(" ");
  return { date, hour };
}

/** A page as one visitor gets it. Only where the Worker's variable `PERSONAS` is `on`. */
export function addressOf({ context }, origin) {
  const address = new URL("/", origin);
  address.search = personaFields(context);
  return address.href;
}
