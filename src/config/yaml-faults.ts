import type { ErrorCode, YAMLError } from "yaml";

/**
 * What is wrong, by the parser's code. The parser's own messages quote the source, and the source may hold a key.
 */
const FAULTS: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias (*name) can have no anchor or tag of its own",
  BAD_ALIAS: "text that begins with * is an alias; put the value in quotes if it is none",
  BAD_COLLECTION_TYPE: "a tag does not fit the value that it stands before",
  BAD_DIRECTIVE: "a line that begins with % is not a directive of YAML",
  BAD_DQ_ESCAPE: 'text in double quotes has an escape that YAML does not know; write \\\\ for one "\\"',
  BAD_INDENT: "the indentation does not fit the lines above, or a bracket is not closed",
  BAD_SCALAR_START: "a value begins with a character that YAML keeps for itself; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a line holds two keys, or a value with a colon; put the value in quotes",
  DUPLICATE_KEY: "the key is there already; keep one of the two",
  MISSING_CHAR: "a character is missing: a closing quote or bracket, a colon, or the space after one",
  MULTILINE_IMPLICIT_KEY: "a key goes on over more than one line; is a colon missing?",
  MULTIPLE_DOCS: "the file holds more than one document; a profile is one",
  RESOURCE_EXHAUSTION: "the values are nested too deep",
  TAB_AS_INDENT: "a tab stands in the indentation; use spaces",
  TAG_RESOLVE_FAILED: "a value has a tag (!name) that is not known here",
  UNEXPECTED_TOKEN: "something stands where YAML expects nothing, or something else",
};

/** A fault of the parser in words that quote nothing of the file. */
export function describeYamlFault(fault: YAMLError): string {
  return FAULTS[fault.code] ?? "the line is not valid YAML";
}
