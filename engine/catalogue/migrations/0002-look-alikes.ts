/** @file Format 2: perceptual hashes, and which look-alikes the person wants to keep. */
import type { Migration } from "./migration.ts";

/** Adds what finding copies needs. Photos read before have no perceptual hash until they are looked at. */
export const lookAlikes: Migration = {
	format: 2,
	sql: `
alter table photos add column perceptual_hash blob;

-- By content, so that a choice holds for moved files and rescanned folders; first_hash <= second_hash.
create table contents_apart (
	first_hash text not null,
	second_hash text not null,
	primary key (first_hash, second_hash)
) strict, without rowid;
`,
};
