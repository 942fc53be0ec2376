/** Text in HTML. Nothing that comes from a scanned file or its name gets into a page but through here. */
import { visible } from "../style.js";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Controls and characters that change the direction of writing, but for the tab: what is shown must be what is there. */
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** For element content and for attributes in quotes. */
export const escape = (text: string): string =>
  text.replace(UNPRINTABLE, visible).replace(/[&<>"']/gu, (character) => ENTITIES[character]!);

/** A message: what stands in backticks is code. */
export const words = (text: string): string => escape(text).replace(/`([^`]+)`/gu, "<code>$1</code>");

/** The same in one line without markup, as for a title. */
export const plain = (text: string): string => escape(text.replaceAll("`", ""));
