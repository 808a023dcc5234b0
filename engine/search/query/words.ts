/** @file Small words of English that begin, end and bind phrases, and names that are ordinary words. */
import { bare, type Token } from "./tokens.ts";

/** A noun phrase ends before these. */
const binding: ReadonlySet<string> = new Set(
	"in on at by of for with without and or but not from to into onto near around under over above below behind beside between during before after since until through across along while that which who is are was were as than up down off out".split(
		" ",
	),
);

export function isBinding(word: string): boolean {
	return binding.has(word);
}

/** Whether what stands after `last` no longer belongs to its phrase. */
export function endsPhrase(last: Token | undefined, next: Token): boolean {
	if (last !== undefined && /[,.;!?]$/u.test(last.text)) return true;
	return next.kind !== "word" || next.negated || isBinding(bare(next));
}

/**
 * Names of countries, regions and large towns that are ordinary words or first names: read as places
 * only with a capital.
 */
export const ordinaryNames: ReadonlySet<string> = new Set(
	`action ash aurora bar bari bath batman battle bay beach beer best black blue brooklyn brown
	buffalo cape capital carolina center central centre chad charlotte chelsea china city cleveland
	coast como concord cork crown date de deal delta derby desert do east eastern el essen eye
	forest front garden gardens general george grace green guernsey guinea ham hamilton harbor
	harbour highlands hill hills hope hull independence island islands jackson java jersey jordan
	jungle la lake lakes las leon liberty lincoln line littoral long los love lower luxor madison
	male mali man marine martin medina midlands mina mobile most motion mountain mountains nancy
	nice north northeast northern northwest orange park peace petra phoenix plateau point pool reading
	red river rivers roman rugby rye sale salem same san sandy santa santo savanes savannah south
	southeast southern southwest sparta split street suit surprise tours town troy turkey union
	upper valley van victoria village ware wells west western white wood worth`.split(/\s+/u),
);
