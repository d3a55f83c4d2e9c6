@tool
extends RefCounted
## What an NPC shows of its agent, the same in 2D and 3D.

## Name, colour, state, progress or speech are others now.
signal changed
## The agent is to be at another place. [param at_once] says that it did not walk there.
@warning_ignore("unused_signal")
signal moved(position: Vector3, at_once: bool)
## The agent does something else now.
signal state_changed(state: String)
## The agent is gone.
@warning_ignore("unused_signal")
signal removed

const States = preload("npc_states.gd")

## Characters of speech that are shown at the most.
const SPEECH_MAX: int = 90

## The agent's id; empty while nobody is shown.
var agent_id: String = ""
## The name above the body.
var title: String = ""
## The agent's type, such as [code]aider[/code].
var type: String = ""
## The agent that it helps; empty for none.
var parent_agent_id: String = ""
## The body's colour.
var color: Color = Color("5b8fb9")
## What the agent does, as the wire has it.
var state: String = "idle"
## How far its task is, from 0 to 1; negative without a task.
var progress: float = -1.0
## What it says now.
var speech: String = ""
## How its last task ended, while that is shown: [code]done, failed, cancelled[/code], else empty.
var mood: String = ""

var _mood_end_ms: int = 0
var _speech_end_ms: int = 0


## What is seen: how the last task ended for a moment, else what the agent does.
func shown_state() -> String:
	return state if mood.is_empty() else mood


## Takes an agent as the wire has it.
func take(agent: Dictionary) -> void:
	title = _text(agent.get("name"), title)
	type = _text(agent.get("type"), type)
	parent_agent_id = _text(agent.get("parent_agent_id"), "")
	color = Color.from_string(_text(agent.get("color"), ""), color)
	set_state(_text(agent.get("state"), state))
	changed.emit()


## Takes a state. What the agent begins ends how its last task is shown; rest does not.
func set_state(now: String) -> void:
	if now == state:
		return
	state = now
	if now == "idle":
		progress = -1.0
	else:
		mood = ""
	state_changed.emit(now)
	changed.emit()


## Takes how far a task is.
func set_progress(share: float) -> void:
	progress = clampf(share, 0.0, 1.0)
	changed.emit()


## Shows a text for a while.
func say(text: String, seconds: float = 3.5) -> void:
	speech = text.strip_edges().replace("\n", " ")
	if speech.length() > SPEECH_MAX:
		speech = speech.left(SPEECH_MAX - 1).strip_edges() + "…"
	_speech_end_ms = Time.get_ticks_msec() + int(seconds * 1000.0)
	changed.emit()


## Shows for a moment how a task ended.
func end_task(how: String) -> void:
	mood = how
	progress = -1.0
	speech = ""
	_mood_end_ms = Time.get_ticks_msec() + int(States.MOOD_SECONDS * 1000.0)
	changed.emit()


## Lets go of what was shown long enough.
func expire(now_ms: int) -> void:
	var is_over: bool = false
	if not mood.is_empty() and now_ms >= _mood_end_ms:
		mood = ""
		is_over = true
	if not speech.is_empty() and now_ms >= _speech_end_ms:
		speech = ""
		is_over = true
	if is_over:
		changed.emit()


## Forgets the agent, so that the NPC can show another.
func clear() -> void:
	agent_id = ""
	title = ""
	type = ""
	parent_agent_id = ""
	state = "idle"
	progress = -1.0
	speech = ""
	mood = ""


func _text(value: Variant, otherwise: String) -> String:
	return value if value is String else otherwise
