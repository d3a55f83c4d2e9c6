@tool
extends RefCounted
## The label of an NPC: its name, the shape and word of what it does, how far its task is, and what it says.
##
## Shapes and text are canvas items of their own, so that the renderer can join the shapes of all labels, and
## then their texts.

const Look = preload("npc_look.gd")
const Model = preload("npc_model.gd")
const States = preload("npc_states.gd")

## Nothing is drawn.
const NONE: int = 0
## The shape of the state alone, for labels that others would cover.
const SHAPE: int = 1
## Shape and name.
const NAME: int = 2
## Shape, name and word.
const WORDS: int = 3
## All of it, and what the NPC says.
const SPEECH: int = 4

const HEIGHT: float = 22.0
const PADDING: float = 8.0
const SPEECH_WIDTH: float = 190.0
const SPEECH_GAP: float = 9.0
const SPEECH_LINES: int = 3
## What is around the words of a speech bubble.
const SPEECH_FRAME: Vector2 = Vector2(18.0, 12.0)
const TITLE_MAX: int = 24

## Where the label is on its canvas, relative to its anchor, without what the NPC says.
var rect: Rect2 = Rect2()
## What of the label is drawn.
var amount: int = NONE

var _items: Array[RID] = []
var _is_visible: bool = true
var _has_speech: bool = false
var _measured_speech: String = ""
var _speech_size: Vector2 = Vector2.ZERO


## Makes the label on a crowd's layers: shapes, text, shapes of speech, text of speech.
func _init(layers: Array[Node2D] = []) -> void:
	for layer: Node2D in layers:
		var item: RID = RenderingServer.canvas_item_create()
		RenderingServer.canvas_item_set_parent(item, layer.get_canvas_item())
		_items.append(item)


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		for item: RID in _items:
			RenderingServer.free_rid(item)


## Puts the label's anchor, the middle of its lower edge, to a place on the canvas.
func place(at: Vector2, scale: float = 1.0) -> void:
	# Whole pixels keep text sharp.
	var pose: Transform2D = Transform2D(0.0, Vector2(scale, scale), 0.0, at.round() if scale == 1.0 else at)
	for item: RID in _items:
		RenderingServer.canvas_item_set_transform(item, pose)


## Shows or hides the label without drawing it anew.
func set_visible(is_visible: bool) -> void:
	if is_visible == _is_visible:
		return
	_is_visible = is_visible
	_show_items()


## How large the bubble is that says a text.
func speech_size(text: String) -> Vector2:
	if text != _measured_speech:
		_measured_speech = text
		var words: Vector2 = Look.font().get_multiline_string_size(
			text, HORIZONTAL_ALIGNMENT_LEFT, SPEECH_WIDTH, Look.FONT_SIZE, SPEECH_LINES
		)
		_speech_size = Vector2(maxf(words.x, 30.0), words.y) + SPEECH_FRAME
	return _speech_size


## How wide the label would be with an amount.
func width_of(model: Model, wanted: int) -> float:
	if wanted <= SHAPE:
		return HEIGHT
	var width: float = HEIGHT + _measure(_title(model)) + PADDING
	if wanted >= WORDS:
		width += _measure(States.word_of(model.shown_state())) + PADDING * 0.75
	return width


## Draws the label anew.
func draw(model: Model, wanted: int, is_pointed: bool) -> void:
	for item: RID in _items:
		RenderingServer.canvas_item_clear(item)
	amount = wanted
	_has_speech = wanted >= SPEECH and not model.speech.is_empty()
	_show_items()
	if wanted == NONE:
		rect = Rect2()
		return
	var state: String = model.shown_state()
	var width: float = width_of(model, wanted)
	rect = Rect2(-roundf(width / 2.0), -HEIGHT, width, HEIGHT)
	Look.put_round(_items[0], rect, HEIGHT / 2.0, Look.PANEL_POINTED if is_pointed else Look.PANEL)
	var badge: Rect2 = Rect2(rect.position + Vector2(2.0, 2.0), Vector2(HEIGHT - 4.0, HEIGHT - 4.0))
	Look.put(_items[0], badge.grow(-1.0), Look.shape(States.index_of(state)), States.color_of(state))
	if wanted >= NAME:
		_draw_words(model, wanted, state)
	if _has_speech:
		_draw_speech(model.speech)


## What has nothing to draw is hidden, so that the renderer does not look at it at each frame.
func _show_items() -> void:
	for index: int in _items.size():
		var is_used: bool = amount >= (SHAPE if index == 0 else NAME) if index < 2 else _has_speech
		RenderingServer.canvas_item_set_visible(_items[index], _is_visible and is_used)


func _draw_words(model: Model, wanted: int, state: String) -> void:
	var font: Font = Look.font()
	var baseline: float = rect.position.y + 15.5
	var x: float = rect.position.x + HEIGHT
	var title: String = _title(model)
	font.draw_string(_items[1], Vector2(x, baseline), title, HORIZONTAL_ALIGNMENT_LEFT, -1, Look.FONT_SIZE, Look.NAME)
	if wanted >= WORDS:
		x += _measure(title) + PADDING * 0.75
		var word: String = States.word_of(state)
		font.draw_string(_items[1], Vector2(x, baseline), word, HORIZONTAL_ALIGNMENT_LEFT, -1, Look.FONT_SIZE, Look.WORD)
	if model.progress >= 0.0 and model.mood.is_empty():
		var length: float = (rect.size.x - HEIGHT - PADDING) * model.progress
		var bar: Rect2 = Rect2(rect.position.x + HEIGHT, rect.end.y - 3.0, length, 1.5)
		Look.put(_items[0], bar, Look.SOLID, States.color_of(state))


func _draw_speech(text: String) -> void:
	var font: Font = Look.font()
	var paper: Rect2 = Rect2(Vector2.ZERO, speech_size(text))
	paper.position = Vector2(-roundf(paper.size.x / 2.0), rect.position.y - SPEECH_GAP - paper.size.y)
	Look.put_round(_items[2], paper, 9.0, Look.PAPER)
	Look.put(_items[2], Rect2(-7.0, paper.end.y - 0.5, 14.0, 7.0), Look.TAIL, Look.PAPER)
	var from: Vector2 = paper.position + Vector2(9.0, 6.0 + font.get_ascent(Look.FONT_SIZE))
	font.draw_multiline_string(
		_items[3], from, text, HORIZONTAL_ALIGNMENT_LEFT, SPEECH_WIDTH, Look.FONT_SIZE, SPEECH_LINES, Look.INK
	)


func _title(model: Model) -> String:
	return model.title if model.title.length() <= TITLE_MAX else model.title.left(TITLE_MAX - 1) + "…"


func _measure(text: String) -> float:
	return ceilf(Look.font().get_string_size(text, HORIZONTAL_ALIGNMENT_LEFT, -1, Look.FONT_SIZE).x)
