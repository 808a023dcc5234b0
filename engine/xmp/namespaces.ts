/** @file Namespaces of the properties that are read or written. */

export const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
export const dublinCore = "http://purl.org/dc/elements/1.1/";
export const lightroom = "http://ns.adobe.com/lightroom/1.0/";
export const xmpBasic = "http://ns.adobe.com/xap/1.0/";
export const digiKam = "http://www.digikam.org/ns/1.0/";
/** Written with and without the last slash. */
export const microsoftPhoto = "http://ns.microsoft.com/photo/1.0/";
export const microsoftPhotoWithoutSlash = "http://ns.microsoft.com/photo/1.0";
/** IPTC Extension. */
export const iptcExtension = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
export const darktable = "http://darktable.sf.net/";
export const xml = "http://www.w3.org/XML/1998/namespace";
