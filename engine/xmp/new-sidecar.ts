/** @file A sidecar for a photo that has none. */
import { editXmp, type XmpChange } from "./edit-xmp.ts";

/** As darktable and digiKam begin theirs. */
const empty = `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Afterimage">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;

/** UTF-8 bytes of a new packet inside a photo, where no declaration may stand. */
export function newPacket(change: XmpChange): Uint8Array {
	return editXmp(Buffer.from(empty.slice(empty.indexOf("<x:xmpmeta")), "utf8"), change);
}

/** UTF-8 bytes of a new sidecar with these tags. */
export function newSidecar(change: XmpChange): Uint8Array {
	return editXmp(Buffer.from(empty, "utf8"), change);
}
