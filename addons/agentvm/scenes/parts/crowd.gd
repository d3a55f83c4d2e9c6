@tool
extends Node
## All the NPCs of a viewport together: what costs time is done here for all of them, a few at each frame.
##
## It is made with the first NPC and goes with the last. What differs between 2D and 3D is in crowd_2d.gd and
## crowd_3d.gd; labels, clicks and particles have parts of their own.

const Detail = preload("npc_detail.gd")
const Figure = preload("npc_figure.gd")
const Labels = preload("crowd_labels.gd")
const Pointer = preload("crowd_pointer.gd")
const Settings = preload("../../core/settings.gd")
const Sparks = preload("crowd_sparks.gd")
const Tag = preload("npc_tag.gd")

## Figures whose distance is looked at in one frame, at the least.
const LEVELS_PER_FRAME: int = 8
## Who is drawn as a label alone, or not at all, walks on at one frame in so many.
const FAR_TURNS: int = 4

## Who is in it.
var figures: Array[Figure] = []
## Their labels.
var labels: Labels = Labels.new(figures)

## What is drawn at all: "low", "medium" or "high", as in the project settings.
var quality: String = "medium"
## Whether movement is shown between two positions.
var is_smooth: bool = true
## Whether working agents show particles.
var has_particles: bool = true

var _pointer: Pointer = Pointer.new(figures, labels)
var _sparks: Sparks = null
var _turn: int = 0
var _frame: int = 0
var _meta: StringName = &""


func _init(sparks: Sparks) -> void:
	process_priority = 1000
	process_mode = Node.PROCESS_MODE_ALWAYS
	quality = Settings.read_text(Settings.VISUAL_QUALITY)
	if not Detail.QUALITY.has(quality):
		quality = "medium"
	is_smooth = Settings.read_flag(Settings.ANIMATIONS)
	has_particles = Settings.read_flag(Settings.PARTICLES)
	labels.quality = quality
	_sparks = sparks
	_sparks.maximum = Detail.PARTICLES_MAX[quality]
	add_child(_sparks)
	add_child(_pointer)


func _process(delta: float) -> void:
	_frame += 1
	var is_view_new: bool = _look()
	for index: int in figures.size():
		# A game may free NPCs when one arrives.
		if index >= figures.size():
			break
		var figure: Figure = figures[index]
		var turns: int = 1 if figure.level <= Detail.NO_PARTICLES else FAR_TURNS
		var time: float = figure.time_for(delta, (_frame + index) % turns == 0)
		if time > 0.0 and figure.is_in_motion() and figure.node.can_process():
			if figure.advance(time, is_smooth):
				_write_place(figure)
				figure.tell_arrival()
				if figure.tag == null:
					continue
		var has_moved: bool = _has_moved(figure)
		if has_moved or is_view_new:
			_see(figure)
			labels.place(figure)
		if figure.settle(time, is_smooth) or has_moved:
			_draw_body(figure)
	_check_levels()
	labels.update(delta)
	_pointer.update()


## Takes a figure in.
func join(figure: Figure) -> void:
	figure.tag = Tag.new(labels.layers)
	figure.last_transform = null
	figure.level = Detail.HIDDEN
	figure.is_stale = true
	figure.is_restless = true
	figures.append(figure)
	if is_inside_tree():
		_look()
		_see(figure)
		_check_level(figure)


## Lets a figure go.
func leave(figure: Figure) -> void:
	_drop_body(figure)
	_sparks.take(figure)
	_pointer.forget(figure)
	figures.erase(figure)
	figure.tag = null
	if figures.is_empty():
		_end_if_empty.call_deferred()


## The crowd of a viewport, made when there is none.
static func of(viewport: Viewport, script: GDScript, meta: StringName) -> Node:
	if viewport.has_meta(meta):
		var found: Variant = viewport.get_meta(meta)
		if is_instance_valid(found) and not (found as Node).is_queued_for_deletion():
			return found
	var crowd: Node = script.new()
	crowd.set("_meta", meta)
	viewport.set_meta(meta, crowd)
	# The viewport may be in the middle of taking in the NPC.
	viewport.add_child.call_deferred(crowd, false, Node.INTERNAL_MODE_BACK)
	return crowd


func _end_if_empty() -> void:
	if not figures.is_empty() or is_queued_for_deletion():
		return
	var viewport: Viewport = get_viewport() if is_inside_tree() else null
	if viewport != null and viewport.has_meta(_meta):
		viewport.remove_meta(_meta)
	queue_free()


func _check_levels() -> void:
	var count: int = figures.size()
	if count == 0:
		return
	var now: int = Time.get_ticks_msec()
	for turn: int in mini(count, maxi(LEVELS_PER_FRAME, ceili(count / 12.0))):
		_turn = (_turn + 1) % count
		var figure: Figure = figures[_turn]
		figure.model.expire(now)
		_check_level(figure)


func _check_level(figure: Figure) -> void:
	var reach: float = figure.reach * Detail.QUALITY[quality]
	figure.set_level(Detail.level_at(figure.distance, figure.level, reach))
	var wants_body: bool = figure.has_body and figure.level <= Detail.NO_PARTICLES and _is_shown(figure)
	if wants_body:
		_give_body(figure)
	else:
		_drop_body(figure)
	var wants_sparks: bool = (
		has_particles
		and wants_body
		and figure.is_on_screen
		and figure.level == Detail.FULL
		and not figure.is_crowded
		and figure.model.shown_state() == "coding"
		and not figure.is_walking()
	)
	if wants_sparks:
		_sparks.give(figure)
	else:
		_sparks.take(figure)
	labels.freshen(figure)


## Whether the node is somewhere else than at the last frame.
func _has_moved(figure: Figure) -> bool:
	var pose: Variant = figure.node.get(&"global_transform")
	if pose == figure.last_transform:
		return false
	figure.last_transform = pose
	return true


## Whether the node is shown at all.
func _is_shown(figure: Figure) -> bool:
	return figure.node.call(&"is_visible_in_tree") == true


## Whether the view is another than at the last frame.
func _look() -> bool:
	return false


## Finds where a figure is on the screen, and how far.
func _see(_figure: Figure) -> void:
	pass


## Puts the node to where its figure is.
func _write_place(_figure: Figure) -> void:
	pass


## Sees to it that the body is drawn, as fine as the figure's level wants it.
func _give_body(_figure: Figure) -> void:
	pass


## Sees to it that the body is not drawn.
func _drop_body(_figure: Figure) -> void:
	pass


## Draws the body as it is now.
func _draw_body(_figure: Figure) -> void:
	pass
