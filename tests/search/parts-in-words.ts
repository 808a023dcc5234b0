/** @file The parts of a query in one line, for comparing with what was meant. */
import type { QueryPart } from "../../contract/query.ts";

export function partsInWords(parts: readonly QueryPart[]): string {
	return parts.map(partInWords).join(" + ");
}

function partInWords(part: QueryPart): string {
	const not = "negated" in part && part.negated ? "!" : "";
	switch (part.kind) {
		case "text":
			return `text(${part.text})`;
		case "exclude":
			return `without(${part.text})`;
		case "date": {
			const { when } = part;
			if (when.type === "months") return `${not}months(${when.months.join(",")})`;
			return `${not}days(${when.from ?? ""}..${when.to ?? ""})`;
		}
		case "place": {
			const { place } = part;
			if (place.type === "area") return `${not}area(${place.code})`;
			if (place.type === "region") return `${not}region(${place.country}.${place.name})`;
			return `${not}${place.near ? "near" : "city"}(${place.name}, ${place.country})`;
		}
		case "format":
			return `${not}type(${part.format})`;
		case "shape":
			return `${not}is(${part.shape})`;
		case "tag":
			return `${not}tag(${part.path})`;
		case "tagged":
			return `${not}is(tagged)`;
		case "rating":
			return `${not}rating(${part.from ?? ""}..${part.to ?? ""})`;
		case "offline":
			return `${not}is(offline)`;
		case "generated":
			return `${not}is(generated)`;
		case "refused":
			return "refused";
		default:
			return `${not}${part.kind}(${part.text})`;
	}
}
