import { describe, expect, test } from "vitest";
import { readEmbeddedMetadata } from "../../engine/xmp/embedded-metadata.ts";
import { readIptc } from "../../engine/xmp/iptc-iim.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { tagPathsOf } from "../../engine/xmp/tag-paths.ts";
import { darktable, digiKam, lightroom, windows } from "./sidecar-samples.ts";

const read = (text: string) => readXmp(Buffer.from(text, "utf8"));
const rdf = (properties: string, attributes = "") =>
	`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><rdf:Description rdf:about=""${attributes}>${properties}</rdf:Description></rdf:RDF>`;

describe("Sidecars of other programs", () => {
	test("Lightroom's title, caption, keywords, stars and label are read", () => {
		const metadata = read(lightroom);
		expect(metadata).toEqual({
			title: "By the sea",
			caption: "A dog & its ball,\non the beach",
			keywords: ["Hund", "Strand"],
			hierarchies: [["Tiere", "Hund"], ["Strand"]],
			rating: 4,
			label: "Rot",
		});
		expect(tagPathsOf(metadata)).toEqual([["Tiere", "Hund"], ["Strand"]]);
	});

	test("digiKam's colours are named", () => {
		expect(read(digiKam)).toMatchObject({ label: "Green", rating: 3 });
		expect(tagPathsOf(read(digiKam))).toEqual([["Animals", "Cat"], ["Garden"]]);
	});

	test("darktable's own bookkeeping is no tag, and a rejected photo is rejected", () => {
		expect(read(darktable)).toMatchObject({ label: "Green", rating: -1 });
		expect(tagPathsOf(read(darktable))).toEqual([["places", "mountains"]]);
	});

	test("Windows' several descriptions are one", () => {
		expect(read(windows)).toMatchObject({ rating: 4, keywords: ["Family"] });
		expect(tagPathsOf(read(windows))).toEqual([["Family"]]);
	});
});

describe("The forms RDF allows", () => {
	test.each([
		[
			"a bag",
			rdf("<dc:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>"),
		],
		[
			"a sequence",
			rdf("<dc:subject><rdf:Seq><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Seq></dc:subject>"),
		],
		[
			"CDATA",
			rdf(
				"<dc:subject><rdf:Bag><rdf:li><![CDATA[a]]></rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>",
			),
		],
		[
			"comments",
			rdf(
				"<dc:subject><rdf:Bag><!-- x --><rdf:li>a<!-- y --></rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>",
			),
		],
		["attribute and element", rdf("<dc:subject>b</dc:subject>", ' dc:subject="a"')],
		[
			"values with qualifiers",
			rdf(
				'<dc:subject><rdf:Bag><rdf:li rdf:parseType="Resource"><rdf:value>a</rdf:value></rdf:li><rdf:li><rdf:Description rdf:value="b"/></rdf:li></rdf:Bag></dc:subject>',
			),
		],
		[
			"twice the same",
			rdf(
				"<dc:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li> a </rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>",
			),
		],
	])("keywords as %s", (_form, text) => {
		expect(read(text).keywords).toEqual(["a", "b"]);
	});

	test("stars as attribute, element, with decimals; nonsense is none", () => {
		expect(read(rdf("", ' xmp:Rating="5"')).rating).toBe(5);
		expect(read(rdf("<xmp:Rating>2.0</xmp:Rating>")).rating).toBe(2);
		expect(read(rdf("<xmp:Rating>99</xmp:Rating>")).rating).toBeNull();
		expect(read(rdf("<xmp:Rating>many</xmp:Rating>")).rating).toBeNull();
	});

	test.each(["utf16le", "utf16be"] as const)("%s with its mark is read", (encoding) => {
		const bytes = Buffer.from(`\uFEFF${rdf("<dc:subject>ä</dc:subject>")}`, "utf16le");
		const written = encoding === "utf16be" ? bytes.swap16() : bytes;
		expect(readXmp(written).keywords).toEqual(["ä"]);
	});

	test("characters that change how text runs are taken out of what is shown", () => {
		expect(read(rdf("<dc:subject>a\u202Eb</dc:subject>")).keywords).toEqual(["ab"]);
	});
});

describe("Inside image files", () => {
	const dataSet = (record: number, number: number, value: Buffer) => {
		const head = Buffer.from([0x1c, record, number, 0, 0]);
		head.writeUInt16BE(value.length, 3);
		return Buffer.concat([head, value]);
	};
	const iim = Buffer.concat([
		dataSet(2, 5, Buffer.from("Title")),
		dataSet(2, 25, Buffer.from("Haus")),
		dataSet(2, 25, Buffer.from([0x42, 0xe4, 0x75, 0x6d, 0x65])),
		dataSet(2, 120, Buffer.from("What it shows")),
	]);
	const resource = (id: number, data: Buffer) => {
		const head = Buffer.alloc(12);
		head.write("8BIM", 0, "latin1");
		head.writeUInt16BE(id, 4);
		head.writeUInt32BE(data.length, 8);
		return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
	};

	test("IPTC is read bare, in Photoshop's resources, and behind others", () => {
		const wanted = { title: "Title", caption: "What it shows", keywords: ["Haus", "Bäume"] };
		const wrapped = Buffer.concat([resource(0x03ed, Buffer.from("odd")), resource(0x0404, iim)]);
		expect(readIptc(iim)).toMatchObject(wanted);
		expect(readIptc(wrapped)).toMatchObject(wanted);
		expect(readIptc(Buffer.concat([Buffer.from("Photoshop 3.0\0"), wrapped]))).toMatchObject(
			wanted,
		);
	});

	test("IPTC cut anywhere gives no error and no half keyword", () => {
		for (let length = 0; length < iim.length; length++) {
			for (const keyword of readIptc(iim.subarray(0, length)).keywords) {
				expect(["Haus", "Bäume"]).toContain(keyword);
			}
		}
	});

	test("XMP comes first, IPTC fills what it leaves out; a packet padded with zeros is read", () => {
		const xmp = Buffer.concat([
			Buffer.from(rdf("<dc:subject>Haus</dc:subject>")),
			Buffer.alloc(40),
		]);
		expect(readEmbeddedMetadata({ xmp, iptc: iim })).toMatchObject({
			title: "Title",
			keywords: ["Haus", "Bäume"],
		});
	});

	test("a broken packet says nothing, and hides nothing", () => {
		expect(readEmbeddedMetadata({ xmp: Buffer.from("<x"), iptc: iim }).keywords).toHaveLength(2);
	});
});
