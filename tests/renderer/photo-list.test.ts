/** @file The library's columns put together by their groups. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupLabel } from "../../contract/grouping.ts";
import { photoIdSchema } from "../../contract/ids.ts";
import { listOfColumns } from "../../renderer/state/photo-list.ts";

test("groups follow one another, each photo once, in the order it had", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }), (of) => {
			const labels = [0, 1, 2, 3].map((day): GroupLabel => ({ kind: "day", day }));
			const ids = of.map((_, index) => photoIdSchema.parse(index + 1));
			const list = listOfColumns({
				ids,
				aspectsPermille: ids.map((id) => 1000 + id),
				days: ids.map(() => 0),
				versions: ids.map((id) => id % 2),
				hiddenDrawn: 0,
				groups: { labels, of },
			});
			const wanted = [0, 1, 2, 3].flatMap((group) => ids.filter((_, index) => of[index] === group));
			expect(list.ids).toEqual(wanted);
			expect(list.aspectsPermille).toEqual(wanted.map((id) => 1000 + id));
			expect(list.versions).toEqual(wanted.map((id) => id % 2));
			expect(list.days).toBeNull();
			const counts = list.sections?.map(({ first, end }) => end - first);
			expect(counts).toEqual([0, 1, 2, 3].map((group) => of.filter((at) => at === group).length));
		}),
	);
});
