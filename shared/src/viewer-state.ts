// What a viewer of `longwire.viewer.v1` has asked for, was sent and may still be sent. Small enough for a socket's
// attachment; every function gives the next state.

import * as z from "zod";
import { eventFilterSchema } from "./api/requests.ts";
import { maxSubscriptions, viewerCreditBytes } from "./limits.ts";
import { subscriptionIdSchema } from "./viewer-frame.ts";

/** `all`: every event. `latest`: output a viewer is too slow for is skipped. */
export const viewerModeSchema = z.enum(["all", "latest"]);

export const subscriptionSchema = z.object({
  id: subscriptionIdSchema,
  /** The last seq looked at for it: sent, or passed over by its filter. */
  cursor: z.number().int().min(0),
  filter: eventFilterSchema,
  mode: viewerModeSchema.optional(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

export const viewerStateSchema = z.object({
  /** In the order in which it is their turn. */
  subscriptions: z.array(subscriptionSchema).max(maxSubscriptions),
  /** Bytes that may still be sent. Below zero after an event that went beyond. */
  credit: z.number().int().max(viewerCreditBytes),
  /** Bytes sent that no credit was given for since. */
  in_flight: z.number().int().min(0),
  watching: z.boolean(),
  /** Whether it wants to know how the machine and its runs do. */
  wants_metrics: z.boolean().default(false),
});
export type ViewerState = z.infer<typeof viewerStateSchema>;

export const freshViewer: ViewerState = {
  subscriptions: [],
  credit: 0,
  in_flight: 0,
  watching: true,
  wants_metrics: false,
};

/** Puts a subscription in place of the one with its id, last in turn; null where there are too many. */
export function addSubscription(state: ViewerState, subscription: Subscription): ViewerState | null {
  const others = state.subscriptions.filter(({ id }) => id !== subscription.id);
  return others.length < maxSubscriptions ? { ...state, subscriptions: [...others, subscription] } : null;
}

export function removeSubscription(state: ViewerState, id: number): ViewerState {
  return { ...state, subscriptions: state.subscriptions.filter((one) => one.id !== id) };
}

export function giveCredit(state: ViewerState, bytes: number): ViewerState {
  const credit = Math.min(state.credit + bytes, viewerCreditBytes);
  return { ...state, credit, in_flight: Math.max(0, state.in_flight - bytes) };
}

/** After `bytes` were sent. */
export function takeCredit(state: ViewerState, bytes: number): ViewerState {
  return { ...state, credit: state.credit - bytes, in_flight: state.in_flight + bytes };
}
