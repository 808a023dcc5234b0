import { expect, test } from "vitest";
import { editXmp } from "../../engine/xmp/edit-xmp.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { UnreadableXmp } from "../../engine/xmp/unreadable-xmp.ts";
import { hostileSidecars } from "./hostile-sidecars.ts";

const hostile = hostileSidecars();

test("there are 200 of them", () => {
	expect(hostile).toHaveLength(200);
});

test.each(hostile)("$what is refused with a reason, for reading and writing", ({ bytes }) => {
	for (const use of [() => readXmp(bytes), () => editXmp(bytes, { add: [["new"]] })]) {
		expect(use).toThrow(UnreadableXmp);
		expect(use).toThrow(/^(It|Its|The|An) .{5,300}\.$/);
	}
});
