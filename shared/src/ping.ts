// How either end of a socket asks whether the other is there.

/** Text that the runtime answers without waking the object. */
export const pingText = "ping";
export const pongText = "pong";
