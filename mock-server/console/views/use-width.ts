import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Pixels of a drawing until it is known how wide it is. */
const FIRST_WIDTH = 640;

/** The width of a drawing, now and whenever it changes, so that its letters are as large on a phone as elsewhere. */
export function useWidthOf(drawing: RefObject<SVGSVGElement | null>): number {
  const [width, setWidth] = useState(FIRST_WIDTH);
  useLayoutEffect(() => {
    const { current } = drawing;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(1, Math.round(current.clientWidth))));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}
