/** @file Numbers of a search. Without schemas, so that the page has the numbers and not the parser. */

/** Longer queries are refused with INVALID_QUERY; the encoder reads far fewer words anyway. */
export const queryMaxCharacters = 2000;

/** Largest picture accepted as a query. */
export const queryImageMaxBytes = 64 * 1024 * 1024;

/**
 * The least confidence that counts as a match, unless a search says otherwise. Of sentences whose
 * photo is there it keeps more than nine in ten (engine/search/calibration/README.md).
 */
export const defaultStrictness = 0.3;

/** A saved search's name; longer ones are refused with NAME_NOT_ALLOWED. */
export const savedSearchNameMaxCharacters = 80;

/** More searches than these cannot be saved: in a longer list nobody finds one. */
export const savedSearchesAtMost = 500;

/** How many example pictures one search may have; a set of photos is one example. */
export const examplesAtMost = 16;

/** Most photos in one example, and most hits judged in one search. */
export const judgedAtMost = 200;

/** How much an example counts when nobody says: two parts of five beside words. */
export const defaultExampleWeight = 0.5;

/** Most photos that go to the trash at once: each is read once more before. */
export const trashedAtMost = 1000;

/** A tag's whole path, `/` included; longer ones are refused with NAME_NOT_ALLOWED. */
export const tagPathMaxCharacters = 400;

/** One part of a tag's path, and how many parts there may be. */
export const tagNameMaxCharacters = 100;
export const tagPathMaxParts = 12;

/** A photo's title and caption. */
export const titleMaxCharacters = 1000;
export const captionMaxCharacters = 10_000;
