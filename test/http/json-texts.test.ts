import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonTexts, KEPT_CHARACTERS_MAX } from "../../mock-server/calls/json-texts.js";
import { deepFreeze } from "../../mock-server/domain/frozen.js";

/** Plain data as answers are made of: some of it frozen, and fields that are left undefined. */
const { answer } = fc.letrec<{ answer: unknown }>((tie) => {
  const things = fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(fc.option(tie("answer"), { nil: undefined }), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: "binary" }), fc.option(tie("answer"), { nil: undefined }), {
      maxKeys: 5,
    }),
  );
  return { answer: fc.oneof(things, things.map(deepFreeze)) };
});

describe("the JSON of an answer", () => {
  it("is what JSON.stringify gives, however often and in whatever else a part of it was written", () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 6 }), (answers) => {
        const texts = new JsonTexts();
        for (const value of [...answers, answers, { success: true, answers }, ...answers]) {
          expect(texts.of(value)).toBe(JSON.stringify(value));
        }
      }),
    );
  });

  it("shows what has changed in what is not frozen", () => {
    const texts = new JsonTexts();
    const answer = { success: true, list: [1] };
    texts.of(answer);
    answer.list.push(2);
    expect(texts.of(answer)).toBe('{"success":true,"list":[1,2]}');
  });

  it("is written once for a thing that stays as it is", () => {
    let writings = 0;
    const description = "Multi-file coding specialist, at work on whatever it is given";
    const agent = Object.freeze({
      get id() {
        writings += 1;
        return "agent_1";
      },
      description,
    });
    const text = `{"id":"agent_1","description":"${description}"}`;
    const texts = new JsonTexts();
    for (let call = 0; call < 3; call += 1) {
      expect(texts.of({ success: true, agent })).toBe(`{"success":true,"agent":${text}}`);
      expect(texts.of([agent])).toBe(`[${text}]`);
    }
    expect(writings).toBe(1);
  });

  it("is not written again where it was written for the same answer, however long it is", () => {
    let writings = 0;
    const note = "x".repeat(20_000);
    const list = [
      {
        get note() {
          writings += 1;
          return note;
        },
      },
    ];
    const texts = new JsonTexts();
    const written = new Map([[list, texts.of(list)]]);
    expect(writings).toBe(1);
    const responses = [{ id: "a", body: list }];
    expect(texts.of({ responses }, written)).toBe(
      JSON.stringify({ responses: [{ id: "a", body: [{ note }] }] }),
    );
    expect(writings).toBe(1);
  });

  it("is kept up to a limit, however many things are asked for and however large they are", () => {
    const texts = new JsonTexts();
    texts.of([Object.freeze({}), Object.freeze({ prompt: "x".repeat(100_000) })]);
    expect(texts.characters).toBe(0);
    const prompt = "x".repeat(10_000);
    for (let number = 0; number < 2_000; number += 1) texts.of(Object.freeze({ number, prompt }));
    expect(texts.characters).toBeGreaterThan(KEPT_CHARACTERS_MAX / 3);
    expect(texts.characters).toBeLessThanOrEqual(KEPT_CHARACTERS_MAX);
  });
});
