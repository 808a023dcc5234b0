/**
 * @file Countries, parts of them and groups of them, by name and by outline. The outlines reach a little
 * out to sea, so that a photo taken from a pier or a boat still counts.
 */
import { borders } from "@rapideditor/country-coder";
import { foldName } from "./fold-name.ts";
import { Outline } from "./outline.ts";

export interface Area {
	/** ISO 3166-1 alpha-2 of a country, UN M49 of a group, Wikidata's id of a part. */
	code: string;
	name: string;
}

/** Levels of the data that nobody means when naming a place. */
const unnamedLevels: ReadonlySet<string> = new Set([
	"world",
	"unitedNations",
	"subcountryGroup",
	"subunion",
]);

/** Names people type that neither the outlines nor the language data have. */
const otherNames: Readonly<Record<string, string>> = {
	usa: "US",
	"u s a": "US",
	"u s": "US",
	us: "US",
	america: "US",
	uk: "GB",
	"u k": "GB",
	britain: "Q23666",
	england: "Q21",
	holland: "NL",
	"czech republic": "CZ",
	"ivory coast": "CI",
	vatican: "VA",
	macedonia: "MK",
	ireland: "IE",
	cyprus: "CY",
	denmark: "DK",
	netherlands: "NL",
	"the netherlands": "NL",
	"hong kong": "HK",
	macao: "MO",
	eu: "EU",
	bosnia: "BA",
	congo: "CG",
};

/** Languages whose names of countries are understood besides English. */
const languages = [
	"en",
	"de",
	"fr",
	"es",
	"it",
	"pt",
	"nl",
	"pl",
	"sv",
	"da",
	"nb",
	"fi",
	"cs",
	"hu",
	"ro",
	"el",
	"tr",
	"ru",
	"uk",
	"ar",
	"he",
	"hi",
	"th",
	"vi",
	"id",
	"ko",
	"ja",
	"zh",
];

export class Areas {
	readonly #names = new Map<string, Area>();
	readonly #byCode = new Map<string, Area>();
	readonly #outlines = new Map<string, Outline>();

	constructor() {
		const english = new Intl.DisplayNames(["en"], { type: "region" });
		for (const { properties } of borders.features) {
			const { id, nameEn, level, iso1A2 } = properties;
			if (unnamedLevels.has(level)) continue;
			const isCountry = iso1A2 !== undefined && /^[A-Z]{2}$/.test(iso1A2);
			const name = (isCountry ? english.of(iso1A2) : undefined) ?? nameEn;
			if (isCountry && name === iso1A2) continue;
			const area = { code: iso1A2 ?? id, name };
			this.#byCode.set(area.code, area);
			for (const known of [name, nameEn]) this.#add(known, area);
		}
		for (const [name, code] of Object.entries(otherNames)) {
			const area = this.#byCode.get(code);
			if (area !== undefined) this.#names.set(name, area);
		}
		for (const language of languages) {
			const names = new Intl.DisplayNames([language], { type: "region" });
			for (const area of this.#byCode.values()) {
				if (/^[A-Z]{2}$/.test(area.code)) this.#add(names.of(area.code), area);
			}
		}
	}

	named(name: string): Area | undefined {
		return this.#names.get(foldName(name).replace(/^the /, ""));
	}

	get(code: string): Area | undefined {
		return this.#byCode.get(code);
	}

	/** The outline of an area, with all that belongs to it. */
	outline(code: string): Outline {
		const known = this.#outlines.get(code);
		if (known !== undefined) return known;
		const id = borders.features.find(
			({ properties }) => properties.iso1A2 === code || properties.id === code,
		)?.properties.id;
		const polygons = borders.features
			.filter(
				({ properties }) =>
					id !== undefined && (properties.id === id || properties.groups?.includes(id)),
			)
			.flatMap(({ geometry }) => (geometry?.type === "MultiPolygon" ? geometry.coordinates : []));
		const outline = new Outline(polygons);
		this.#outlines.set(code, outline);
		return outline;
	}

	/** Countries win over what else has the name: they come first among those with a code of two letters. */
	#add(name: string | undefined, area: Area): void {
		if (name === undefined) return;
		const folded = foldName(name).replace(/^the /, "");
		const known = this.#names.get(folded);
		if (folded === "" || (known !== undefined && known.code.length <= area.code.length)) return;
		this.#names.set(folded, area);
	}
}
