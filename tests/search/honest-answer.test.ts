/** @file Whether the app says that nothing fits, on the demo photos with the real encoder. */
import { expect, it } from "vitest";
import { openTestLibrary, untilSearchable } from "../engine/open-test-library.ts";

/** Each was chosen for what the photos show, before any confidence was looked at. */
const shown = [
	"a cat",
	"snowy mountains",
	"a cup of coffee",
	"a windmill",
	"a panda",
	"sunset over the hills",
	"a waterfall in a forest",
	"boats in a harbour",
	"a brick wall",
	"yellow flowers",
];
const notShown = [
	"an escalator",
	"a birthday party",
	"a football match",
	"a bicycle in the street",
	"a receipt",
	"people dancing at a wedding",
	"a surfer riding a wave",
	"a child eating ice cream",
	"a bathroom",
	"a dentist at work",
];

it("things shown by the demo photos are matches, and most others are nothing", async () => {
	const { client } = await openTestLibrary({ live: false });
	await client.folder.addDemo();
	await untilSearchable(client, 37);
	const verdicts = async (queries: readonly string[]) => {
		const results = await Promise.all(
			queries.map((query) => client.search.text({ query, limit: 37 })),
		);
		for (const { hits, confidence, verdict } of results) {
			expect(hits[0]?.confidence).toBe(confidence);
			const bands = hits.map(({ band }) => ["strong", "maybe", "rest"].indexOf(band));
			expect(bands).toEqual(bands.toSorted());
			expect(verdict === "nothing").toBe(hits.every(({ band }) => band === "rest"));
		}
		return results.map(({ verdict }, at) => `${queries[at]}: ${verdict}`);
	};
	const kept = (await verdicts(shown)).filter((line) => line.endsWith("match"));
	const refused = (await verdicts(notShown)).filter((line) => line.endsWith("nothing"));
	expect(kept.length, kept.join(", ")).toBeGreaterThanOrEqual(9);
	expect(refused.length, refused.join(", ")).toBeGreaterThanOrEqual(7);

	const strict = await client.search.text({ query: "a cat", strictness: 1 });
	expect(strict.verdict).toBe("nothing");
	const anything = await client.search.text({ query: "a dentist at work", strictness: 0 });
	expect(anything.verdict).toBe("match");

	const cat = strict.hits[0];
	if (cat === undefined) throw new Error("Nothing was found.");
	const similar = await client.search.similar({ id: cat.id, limit: 36 });
	const similarBands = new Set(similar.hits.map(({ band }) => band));
	expect(similarBands.has("rest")).toBe(true);
});
