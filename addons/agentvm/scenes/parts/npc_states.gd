@tool
extends RefCounted
## What an agent can be seen doing: a word, a shape and a pose for each, so that colour is never needed to
## tell them apart.

## The shapes of the atlas in their order, and at the same time the poses of the body's shader.
const ORDER: Array[String] = [
	"idle",
	"thinking",
	"coding",
	"speaking",
	"moving",
	"collaborating",
	"error",
	"done",
	"failed",
	"cancelled",
	"waiting",
]
## Where the shape stands for a state that this addon does not know.
const UNKNOWN: int = 11
## How a task ends is shown this long, unless the agent begins something else.
const MOOD_SECONDS: float = 2.6

const WORDS: Dictionary[String, String] = {
	"idle": "idle",
	"thinking": "thinking",
	"coding": "coding",
	"speaking": "talking",
	"moving": "walking",
	"collaborating": "teamwork",
	"waiting": "asks you",
	"error": "in trouble",
	"done": "done",
	"failed": "failed",
	"cancelled": "called off",
}
const COLORS: Dictionary[String, Color] = {
	"idle": Color("9aa7b4"),
	"thinking": Color("e8c268"),
	"coding": Color("6fc3df"),
	"speaking": Color("c9a5e8"),
	"moving": Color("a8c7e6"),
	"collaborating": Color("8fd0b0"),
	"waiting": Color("ffb84d"),
	"error": Color("f08a6c"),
	"done": Color("86d38a"),
	"failed": Color("f08a6c"),
	"cancelled": Color("b8b2a7"),
}


## The word for a state; a state that this addon does not know is its own word.
static func word_of(state: String) -> String:
	return WORDS[state] if WORDS.has(state) else state


## The place of a state's shape in the atlas, which is its pose too.
static func index_of(state: String) -> int:
	var found: int = ORDER.find(state)
	return UNKNOWN if found < 0 else found


## The colour of a state's shape.
static func color_of(state: String) -> Color:
	return COLORS[state] if COLORS.has(state) else Color("9aa7b4")
