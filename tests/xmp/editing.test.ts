import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editXmp } from "../../engine/xmp/edit-xmp.ts";
import { newSidecar } from "../../engine/xmp/new-sidecar.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { pathKey, tagPathsOf } from "../../engine/xmp/tag-paths.ts";
import { UnreadableXmp } from "../../engine/xmp/unreadable-xmp.ts";
import { allSamples, digiKam, lightroom } from "./sidecar-samples.ts";

const bytesOf = (text: string) => Buffer.from(text, "utf8");
const edited = (text: string, change: Parameters<typeof editXmp>[1]) =>
	Buffer.from(editXmp(bytesOf(text), change)).toString("utf8");
const tagsIn = (bytes: Uint8Array) => tagPathsOf(readXmp(bytes)).map(pathKey).sort();

describe.each(Object.entries(allSamples))("A sidecar of %s", (_program, text) => {
	test("comes back byte for byte when there is nothing to change", () => {
		const [first = []] = tagPathsOf(readXmp(bytesOf(text)));
		expect(edited(text, {})).toBe(text);
		expect(edited(text, { add: [first], remove: [["never there"]] })).toBe(text);
	});

	test("comes back byte for byte when a tag is added and taken away again", () => {
		const added = edited(text, { add: [["Things", "Kite"]] });
		expect(tagsIn(bytesOf(added))).toContain("Things|Kite");
		const back = edited(added, { remove: [["Things", "Kite"]] });
		if (text.includes("lr:hierarchicalSubject")) expect(back).toBe(text);
		// Where there was no list of paths, one stays: it tells of the other tags.
		else expect(tagsIn(bytesOf(back))).toEqual(tagsIn(bytesOf(text)));
	});

	test("keeps everything but the lines of its tags", () => {
		const changed = edited(text, { add: [["Kite & <String>"]], remove: [["Garden"], ["Strand"]] });
		const isOfTags = (line: string) => /<rdf:li>|subject|Subject/.test(line);
		const others = (whole: string) => whole.split("\n").filter((line) => !isOfTags(line));
		if (text.includes("\n")) expect(others(changed)).toEqual(others(text));
		expect(tagsIn(bytesOf(changed))).toContain("Kite & <String>");
	});
});

test("digiKam's and Windows' own lists are kept in step where they are there", () => {
	const changed = edited(digiKam, { add: [["Places", "Pond"]], remove: [["Animals", "Cat"]] });
	expect(changed.match(/<rdf:li>Places\/Pond<\/rdf:li>/g)).toHaveLength(2);
	expect(changed).not.toContain("Cat");
	expect(edited(lightroom, { add: [["Pond"]] })).not.toContain("TagsList");
});

test("a list of Windows' that stands as an attribute of a description without an end is kept in step", () => {
	const text = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/" MicrosoftPhoto:LastKeywordXMP="Cat"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
<dc:subject><rdf:Bag><rdf:li>Cat</rdf:li></rdf:Bag></dc:subject>
<lr:hierarchicalSubject><rdf:Bag><rdf:li>Cat</rdf:li></rdf:Bag></lr:hierarchicalSubject>
</rdf:Description></rdf:RDF></x:xmpmeta>`;
	const changed = edited(text, { add: [["Pond"]] });
	expect(changed.match(/<rdf:li>Pond<\/rdf:li>/g)).toHaveLength(3);
});

test("stars change in their attribute or element, and come as an attribute", () => {
	expect(edited(lightroom, { rating: 2 })).toBe(
		lightroom.replace('xmp:Rating="4"', 'xmp:Rating="2"'),
	);
	const { windows } = allSamples;
	expect(edited(windows, { rating: 1 })).toBe(windows.replace("<xmp:Rating>4<", "<xmp:Rating>1<"));
	expect(edited(lightroom, { rating: null })).toBe(lightroom.replace('\n   xmp:Rating="4"', ""));
	expect(readXmp(newSidecar({ rating: 5 })).rating).toBe(5);
});

const head = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`;
test.each([
	["an RDF without descriptions", `${head}\n</rdf:RDF>`],
	["an empty RDF", head.replace(">", "/>")],
	["a closed description", `${head}<rdf:Description rdf:about=''/></rdf:RDF>`],
	[
		"an attribute of tags",
		`${head}<rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/" rdf:about='' d:subject = 'old' d:format="d:subject='x'" /></rdf:RDF>`,
	],
	[
		"plain text",
		`${head}<rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/"><d:subject>old</d:subject></rdf:Description></rdf:RDF>`,
	],
	[
		"an empty bag",
		`${head}<rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/"><d:subject><rdf:Bag/></d:subject></rdf:Description></rdf:RDF>`,
	],
	[
		"two lists",
		`${head}<rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/"><d:subject><rdf:Bag><rdf:li>old</rdf:li></rdf:Bag></d:subject><d:subject><rdf:Bag><rdf:li>older</rdf:li></rdf:Bag></d:subject></rdf:Description></rdf:RDF>`,
	],
	[
		"prefixes that mean something else",
		`${head}<rdf:Description xmlns:dc="urn:x" xmlns:lr="urn:y" dc:format="z"/></rdf:RDF>`,
	],
	[
		"another prefix for RDF",
		`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description/></r:RDF>`,
	],
])("%s takes new tags, and gives all up again", (_form, text) => {
	const before = tagsIn(bytesOf(text));
	const added = editXmp(bytesOf(text), { add: [["New", "Tag"], ["new"]], rating: 3 });
	expect(tagsIn(added)).toEqual([...before, "New|Tag", "new"].sort());
	expect(readXmp(added).rating).toBe(3);
	const cleared = editXmp(added, { remove: tagPathsOf(readXmp(added)) });
	expect(tagsIn(cleared)).toEqual([]);
});

test("an RDF without a prefix is refused, not damaged", () => {
	const text = `<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description/></RDF>`;
	expect(() => edited(text, { add: [["new"]] })).toThrow("cannot be written into safely");
});

/** Everything a foreign program may put between our properties, none of which may change. */
const gap = fc.constantFrom(
	"",
	" ",
	"\n\t",
	"\r\n    ",
	"<!-- note: <dc:subject> & more -->",
	"\n\n<?tool keep='this'?>\n",
);
const unusualWord = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => {
	// A bar separates parts, and white space at the ends is not part of a word.
	return /^[^|/\p{C}\ufffe\uffff]+$/u.test(text) && text.trim() === text && text.isWellFormed();
});
const word = fc.oneof(fc.constantFrom("a", "b", "c"), unusualWord);
const path = fc.array(word, { minLength: 1, maxLength: 3 });
const escaped = (text: string) =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&#62;");
const foreign = fc.tuple(gap, word).map(([before, text]) => ({
	before,
	xml: `<f:thing f:kind='a > b'>${escaped(text)}<![CDATA[<raw>]]></f:thing>`,
}));
const sidecar = fc
	.record({
		bom: fc.constantFrom("", "\uFEFF"),
		pieces: fc.array(foreign, { maxLength: 4 }),
		tags: fc.array(word, { maxLength: 4 }),
		container: fc.constantFrom("Bag", "Seq"),
		between: gap,
		after: gap,
		prefix: fc.constantFrom("dc", "elements"),
	})
	.map(({ bom, pieces, tags, container, between, after, prefix }) => {
		const list = tags.map((tag) => `${between}<rdf:li>${escaped(tag)}</rdf:li>`).join("");
		const subject = `${between}<${prefix}:subject><rdf:${container}>${list}${after}</rdf:${container}></${prefix}:subject>`;
		const parts = [...pieces.map(({ before, xml }) => before + xml), subject].join("");
		return {
			kept: pieces.map(({ before, xml }) => before + xml),
			text: `${bom}<?xml version='1.0'?>${after}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>${between}<rdf:Description rdf:about='' xmlns:${prefix}='http://purl.org/dc/elements/1.1/' xmlns:f="urn:f">${parts}${after}</rdf:Description></rdf:RDF></x:xmpmeta>${after}`,
		};
	});

const described = fc.record(
	{ title: word, caption: word, rating: fc.integer({ min: 0, max: 5 }) },
	{ requiredKeys: [] },
);

test("whatever surrounds the tags stays as it was, byte for byte", () => {
	fc.assert(
		fc.property(
			sidecar,
			fc.array(path, { maxLength: 3 }),
			fc.nat(3),
			described,
			(given, add, removed, described) => {
				const before = bytesOf(given.text);
				const had = tagPathsOf(readXmp(before));
				const remove = had.slice(0, removed);
				const after = editXmp(before, { add, remove, ...described });
				expect(readXmp(after)).toMatchObject(described);
				const keys = new Set(remove.map(pathKey));
				const wanted = new Set(
					[...had.filter((tag) => !keys.has(pathKey(tag))), ...add].map(pathKey),
				);
				expect(new Set(tagsIn(after))).toEqual(wanted);
				const text = Buffer.from(after).toString("utf8");
				const [opening = ""] = given.text.split("<rdf:Description");
				expect(text.startsWith(opening)).toBe(true);
				let at = 0;
				for (const piece of given.kept) {
					expect(text.indexOf(piece, at)).toBeGreaterThanOrEqual(at);
					at = text.indexOf(piece, at) + piece.length;
				}
				const closing = given.text.slice(given.text.lastIndexOf("</rdf:Description>"));
				expect(text.endsWith(closing)).toBe(true);
			},
		),
		{ numRuns: 400 },
	);
});

test("UTF-16 comes back as UTF-16", () => {
	for (const bigEndian of [false, true]) {
		const bytes = Buffer.from(
			`\uFEFF${lightroom.replace(/begin="\uFEFF"/, 'begin=""')}`,
			"utf16le",
		);
		if (bigEndian) bytes.swap16();
		const changed = Buffer.from(editXmp(bytes, { add: [["Kite"]] }));
		expect(changed.subarray(0, 2)).toEqual(bytes.subarray(0, 2));
		expect(tagsIn(changed)).toEqual(["Kite", "Strand", "Tiere|Hund"]);
		const back = Buffer.from(editXmp(changed, { remove: [["Kite"]] }));
		expect(back.equals(bytes)).toBe(true);
	}
});

const alternative = (items: string) =>
	`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">${items}</rdf:Description></rdf:RDF>`;

test.each([
	[
		"beside other languages",
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Old</rdf:li><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title>',
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &amp; B</rdf:li><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title>',
	],
	[
		"where only another language is there",
		'<dc:title><rdf:Alt><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title>',
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &amp; B</rdf:li><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title>',
	],
	[
		"in an empty list",
		"<dc:title><rdf:Alt/></dc:title>",
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &amp; B</rdf:li></rdf:Alt></dc:title>',
	],
	[
		"in an empty item",
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default"/></rdf:Alt></dc:title>',
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &amp; B</rdf:li></rdf:Alt></dc:title>',
	],
	["as plain text", "<dc:title>Old</dc:title>", "<dc:title>A &amp; B</dc:title>"],
	["in an empty tag", "<dc:title />", "<dc:title>A &amp; B</dc:title>"],
])("a title is set %s", (_where, before, after) => {
	const edited = editXmp(Buffer.from(alternative(before)), { title: "A & B" });
	expect(Buffer.from(edited).toString()).toBe(alternative(after));
	expect(readXmp(edited).title).toBe("A & B");
});

test("a caption in an attribute keeps its lines and quotes", () => {
	const text = alternative("")
		.replace("rdf:about=''", "")
		.replace(' rdf:about=""', " dc:description='x'");
	const caption = 'It\'s "here"\nand there';
	const edited = editXmp(Buffer.from(text), { caption });
	expect(readXmp(edited).caption).toBe(caption);
	expect(readXmp(editXmp(edited, { caption: null })).caption).toBeNull();
});

test("a title that is taken away is gone in every language", () => {
	const items =
		'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Old</rdf:li><rdf:li xml:lang="de">Alt</rdf:li></rdf:Alt></dc:title><dc:rights>Mine</dc:rights>';
	const edited = editXmp(Buffer.from(alternative(items)), { title: null });
	expect(Buffer.from(edited).toString()).toBe(alternative("<dc:rights>Mine</dc:rights>"));
});

test("a title of a form that is not understood is left alone", () => {
	const items =
		"<dc:title><rdf:Description><rdf:value>Old</rdf:value></rdf:Description></dc:title>";
	expect(() => editXmp(Buffer.from(alternative(items)), { title: "New" })).toThrow(UnreadableXmp);
});
