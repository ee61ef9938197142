/** `2026-11-23T02:00:00Z` and `…00.000Z` are one instant, but not one text: this is the form that is kept and compared. */
export const instant = (text: string): string => new Date(text).toISOString();
