/** @file The largest queries. Without schemas, so that the page has the numbers and not the parser. */

/** Longer queries are refused with INVALID_QUERY; the encoder reads far fewer words anyway. */
export const queryMaxCharacters = 2000;

/** Largest picture accepted as a query. */
export const queryImageMaxBytes = 64 * 1024 * 1024;
