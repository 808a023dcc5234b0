/** @file The shape of a photo as lists of photos tell it: width over height, times 1000, a whole number. */

/** At least 1; 1000 while the size is unknown. */
export function aspectPermille({ width, height }: { width: number; height: number }): number {
	if (width <= 0 || height <= 0) return 1000;
	return Math.max(1, Math.round((width / height) * 1000));
}

/** The same of a row of `photos`. */
export const aspectPermilleSql = `case when width > 0 and height > 0
	then max(1, (width * 2000 + height) / (height * 2)) else 1000 end`;
