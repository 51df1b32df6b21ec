import type { RankNames } from "../engine/manifest.js";
import type { Names } from "../engine/names.js";
import type { Decision } from "../engine/result.js";
import type { member, Running } from "../engine/running.js";
import type { by, Decided, isRead, text } from "../engine/words.js";
import type { Profiles } from "../profile/profile.js";
import type { Context, RankedItem, Shown } from "../types.js";
import type { Ask, List } from "./list.js";

/** Lists are made as of the hour, so that they change once an hour and not with every millisecond. */
const HOUR = 3_600_000;
/**
 * As in `src/bundle/content.rs`: the patch whose text says what the list of the first rule depends on, that whose text says why the items
 * of a list are shown, and what ends each reason.
 */
const ASKED = 0x8000;
const REASONS = 0xffff;
const REASON_END = "\u001e";

/** What all bundles need is handed over, so that nobody fetches it apart for the sake of those that rank. */
export interface Core {
  Decision: typeof Decision;
  by: typeof by;
  isRead: typeof isRead;
  member: typeof member;
  text: typeof text;
}

/** What lists are made by. */
export interface Sources {
  core: Core;
  list(ranking: number, ask: Ask): List;
  profiles: Profiles | undefined;
}

/** Decides, makes the lists that were asked for, and decides again until all are there. As `Lists` in `src/engine/ranked.rs`. */
export function decideRanked(
  names: Names,
  running: Running,
  sources: Sources,
  context: Context,
  now: number,
): Decision {
  const { core } = sources;
  const { ranks = [] } = names.manifest;
  const lists = new Map<RankNames, List>();
  running.forgetLists();
  for (;;) {
    const decided = running.decide(context, now);
    const place = ranks.findIndex((rank) => !lists.has(rank) && core.isRead(decided.words, rank.list));
    const rank = ranks[place];
    if (rank === undefined) return withLists(core, names, decided, lists);
    const list = made(names, running, sources, { ...rank, place }, decided, context, now);
    lists.set(rank, list);
    // Where no template looks at the items, it is enough that they are there.
    const isLookedAt = decided.texts.length > 0;
    running.giveList(
      rank.list,
      isLookedAt ? list.seen() : list.items.map(() => true),
      Math.floor(now / HOUR) * HOUR + HOUR,
    );
  }
}

function made(
  names: Names,
  running: Running,
  { core, list, profiles }: Sources,
  { place, slot, rule, consent, cap }: RankNames & { place: number },
  decided: Decided,
  context: Context,
  now: number,
): List {
  const { manifest } = names;
  const { member } = core;
  const given = member(context, "consent");
  const consents = (purpose: string | null) => purpose === null || member(given, purpose) === true;
  const isAllowed = consents(consent);
  const hour = Math.floor(now / HOUR) * HOUR;
  // Behind the first end all is the visitor's id, which may hold another.
  const [about, ...id] = (textOf(core, slot, ASKED + rule, decided) ?? "").split(REASON_END);
  const ask: Ask = { past: [], leftOut: [], about: about || undefined, segments: 0, now: hour, visitor: undefined };
  if (isAllowed && manifest.profile !== undefined && consents(manifest.profile.consent)) {
    const profile = member(context, "profile");
    ask.past = profiles?.items(profile, hour) ?? [];
    if (cap !== undefined && profiles !== undefined) ask.leftOut = capped(profiles, profile, cap, hour);
  }
  if (isAllowed) ask.visitor = id.join(REASON_END) || undefined;
  for (const [bit, segment] of (manifest.rankSegments ?? []).entries()) {
    if (running.runtime.isIn(segment)) ask.segments |= 1 << bit;
  }
  try {
    return list(place, { ...ask, segments: ask.segments >>> 0 });
  } catch (thrown) {
    console.error("slotwise: the list could not be made, and the slot goes on without it:", thrown);
    return { items: [], seen: () => [] };
  }
}

/** The items of which an event happened often enough. */
function capped(
  profiles: Profiles,
  profile: Uint8Array | undefined,
  [event, within, times]: Required<RankNames>["cap"],
  now: number,
): string[] {
  const { answers } = profiles.answer(profile, [{ each: [event, within] }], now);
  const counted = new Map<string, number>();
  for (const { item } of answers[0] as { item: string | null }[]) {
    if (item !== null) counted.set(item, (counted.get(item) ?? 0) + 1);
  }
  return [...counted].filter(([, count]) => count >= times).map(([item]) => item);
}

/** The text that was rendered for a slot's patch. */
function textOf({ text }: Core, slot: number, patch: number, { words, texts }: Decided): string | undefined {
  return texts.find((_, index) => text(words, index)[0] === (slot | (patch << 16)));
}

/** A decision with its lists. */
function withLists(core: Core, names: Names, decided: Decided, lists: Map<RankNames, List>): Decision {
  const decision = new core.Decision(names, decided);
  const slots = decision.slots as Record<string, Shown>;
  for (const [number, { name }] of names.manifest.slots.entries()) {
    const shown = slots[name] as Shown;
    if (shown.source !== "rank") continue;
    const rule = (core.by(decided.words, number) & 0xffff) - 1;
    const rank = names.manifest.ranks?.find((rank) => rank.slot === number && rank.rule === rule);
    const items = rank && lists.get(rank)?.items;
    if (items === undefined) continue;
    decision.lists += `^${number.toString(36)}${items.map(({ id }) => `:${id.length}:${id}`).join("")}`;
    slots[name] = { ...shown, items: withReasons(items, reasonsOf(core, number, decided)) };
  }
  return decision;
}

/** What is said of each item of a slot, in words. */
function reasonsOf(core: Core, slot: number, decided: Decided): string[] {
  return textOf(core, slot, REASONS, decided)?.split(REASON_END).slice(0, -1) ?? [];
}

function withReasons(items: RankedItem[], reasons: string[]): RankedItem[] {
  if (reasons.length !== items.length) return items;
  return items.map((item, index) => {
    const words = reasons[index];
    if (!words) return item;
    const { signal, item: past, shares, parts } = item.because;
    const because = {
      ...(signal && { signal }),
      ...(past !== undefined && { item: past }),
      text: words,
      shares,
      ...(parts && { parts }),
    };
    return { ...item, because };
  });
}
