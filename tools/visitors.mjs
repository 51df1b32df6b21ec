// The three visitors of the demonstration, and the addresses at which its page takes you for one of them.

/** Their contexts, as the engine takes them. What is not said is unknown. */
export const VISITORS = [
  {
    name: "Ewa in Kraków, Friday 08:30, has consented",
    context: {
      attributes: { id: "ewa", geo: { country: "PL", city: "Kraków", latitude: 50.0614, longitude: 19.9366 } },
      consent: { personalization: true },
      now: Date.parse("2026-11-20T08:30:00+01:00"),
      timeZone: "Europe/Warsaw",
    },
  },
  {
    name: "Joe in New York, Friday 19:30, has consented",
    context: {
      attributes: { id: "joe", geo: { country: "US", city: "New York", latitude: 40.7128, longitude: -74.006 } },
      consent: { personalization: true },
      now: Date.parse("2026-11-20T19:30:00-05:00"),
      timeZone: "America/New_York",
    },
  },
  {
    name: "Somebody on a phone in Tokyo, Friday 15:00, has refused",
    context: {
      attributes: {
        geo: { country: "JP", city: "Tokyo", latitude: 35.6895, longitude: 139.6917 },
        device: { type: "mobile" },
      },
      consent: { personalization: false },
      now: Date.parse("2026-11-20T15:00:00+09:00"),
      timeZone: "Asia/Tokyo",
    },
  },
];

/** The page as one visitor gets it. Only where the Worker's variable `PERSONAS` is `on`. */
export function addressOf({ context }, origin) {
  const address = new URL("/", origin);
  address.searchParams.set("as", JSON.stringify(context));
  return address.href;
}
