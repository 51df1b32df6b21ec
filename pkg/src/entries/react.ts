"use client";

export {
  Slot,
  type SlotDecision,
  type SlotProps,
  SlotProvider,
  type SlotProviderProps,
  type SlotState,
  useSlot,
} from "../react/react.js";
export type { SlotSession } from "../react/store.js";
export type * from "../types.js";
