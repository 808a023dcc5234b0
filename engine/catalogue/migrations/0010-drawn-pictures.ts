/** @file Format 10: which pictures of the library a program drew. */
import type { Migration } from "./migration.ts";

/** Photos known before are told apart when their files' words are read again, in the background. */
export const drawnPictures: Migration = {
	format: 10,
	sql: `
alter table photos add column drawn integer not null default 0 check (drawn in (0, 1));

-- Few in most libraries: searches that leave them out read them from here.
create index photos_drawn on photos (id) where drawn = 1;
`,
};
