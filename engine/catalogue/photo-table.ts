/** @file The photos of the library, put together from its three kinds of use. */
import type { PhotoTable } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { photoFiles } from "./photo-files.ts";
import { photoFiltering } from "./photo-filtering.ts";
import { photoGrouping } from "./photo-grouping.ts";
import { photoLookups } from "./photo-lookups.ts";
import { photoReading } from "./photo-reading.ts";

/** The photos of an open database. */
export function photoTable(connection: Connection): PhotoTable {
	return {
		...photoLookups(connection),
		...photoFiles(connection),
		...photoReading(connection),
		...photoFiltering(connection),
		...photoGrouping(connection),
	};
}
