// What lies behind an edge comes into sight while something is dragged there.

/** How near an edge that happens, and how quickly: pixels, and pixels a frame. */
const EDGE = 48
const STEP = 10

/**
 * How far to scroll in this frame, of a pointer that was put down somewhere between two edges. Towards an edge only, so that
 * what is taken near one stays in peace.
 */
export function step(at, from, low, high) {
  if (at > high - EDGE && at > from) return STEP
  if (at < low + EDGE && at < from) return -STEP
  return 0
}
