let navigated = false;
let back = false;

addEventListener('popstate', () => {
  back = true;
});

/** Called when a page has come: a screen reader goes on at its heading, and the eye at its top unless the way led back. */
export function arriveAt(heading: HTMLElement | null): void {
  if (navigated) {
    heading?.focus({ preventScroll: true });
    if (!back && location.hash === '') scrollTo(0, 0);
  }
  navigated = true;
  back = false;
}
