@tool
extends RefCounted
## An NPC as a crowd handles it: where it is, how it walks, what is drawn of it. The same in 2D and 3D.

## The figure has come to where it was to be.
signal arrived
## It is pointed at, or not any more.
signal pointed_changed(is_pointed: bool)
## More or less of it is drawn; see the constants of npc_detail.gd.
signal level_changed(level: int)
## It was clicked or tapped.
@warning_ignore("unused_signal")
signal chosen

const Detail = preload("npc_detail.gd")
const Model = preload("npc_model.gd")
const States = preload("npc_states.gd")
const Tag = preload("npc_tag.gd")

## Seconds that a walk takes at the most: who has farther to go hurries.
const WALK_SECONDS_MAX: float = 8.0
## Parts of a pose that change in a second.
const POSE_SPEED: float = 7.0
const TURN_SPEED: float = 9.0
const LIFT_SPEED: float = 8.0

## What it shows.
var model: Model = null
## The node in the scene: a [Node3D] or a [Node2D].
var node: Node = null
## Its label; null outside of a crowd.
var tag: Tag = null
## Where it is in its parent; z is unused in 2D.
var place: Vector3 = Vector3.ZERO
## Where it looks, as an angle around the upright axis.
var yaw: float = 0.0
## Units a second.
var walk_speed: float = 2.2
## Asked for the way between two places: [code]func(from: Vector3, to: Vector3) -> PackedVector3Array[/code].
var path_finder: Callable = Callable()
## How much farther each level of detail reaches.
var reach: float = 1.0
## Which parts are wanted.
var has_body: bool = true
## Whether name and state are shown above it.
var has_label: bool = true:
	set(value):
		has_label = value
		is_stale = true
## Whether what it says is shown.
var has_speech: bool = true:
	set(value):
		has_speech = value
		is_stale = true
## Whether it can be pointed at and clicked.
var is_interactive: bool = true

## What is drawn of it.
var level: int = Detail.HIDDEN
## Whether nearer figures have used up what may be drawn in full.
var is_crowded: bool = false
## How much of the label nearer labels leave room for.
var room: int = Tag.WORDS
## Rows that the label is lifted by, to stand clear of nearer ones.
var row: int = 0
## How far the viewer is, in units of the world.
var distance: float = 0.0
## Whether it is in view at all.
var is_on_screen: bool = false
## On the screen: where the label stands, and where the feet are.
var anchor: Vector2 = Vector2.ZERO
## Where its feet are on the screen.
var feet: Vector2 = Vector2.ZERO
## The batch that draws its body; null without one, and in 2D.
var batch: Node = null
## Place in the batch; negative without a body.
var slot: int = -1
## Where the pose's movement began, so that not all move alike.
var phase: float = randf()
## Which pose it takes.
var pose: int = 0
## How far it is in that pose, from 0 to 1.
var pose_amount: float = 0.0
## How far it is lifted while it is pointed at, in units of the world.
var lift: float = 0.0
## Whether it is pointed at.
var is_pointed: bool = false
## Whether the label is to be drawn anew.
var is_stale: bool = true
## Whether pose or lift are on their way.
var is_restless: bool = true
## The particles that it gives off; null without.
var sparks: Node = null
## Where it stood when it was last drawn.
var last_transform: Variant = null

var _path: PackedVector3Array = []
var _target_yaw: float = 0.0
var _carry: float = 0.0
var _has_arrived: bool = false


func _init(p_node: Node = null, p_model: Model = null) -> void:
	node = p_node
	model = p_model
	if model != null:
		model.changed.connect(_on_model_changed)


## Whether it is on its way.
func is_walking() -> bool:
	return not _path.is_empty()


## Whether it has to be moved or turned.
func is_in_motion() -> bool:
	return not _path.is_empty() or absf(angle_difference(yaw, _target_yaw)) > 0.01


## Goes to a place, or is there at once.
func walk_to(to: Vector3, at_once: bool = false) -> void:
	_has_arrived = false
	if at_once:
		_path = []
		place = to
		yaw = _target_yaw
		return
	if place.distance_to(to) < 0.01:
		_path = []
		return
	_path = [to]
	if path_finder.is_valid():
		var found: Variant = path_finder.call(place, to)
		if found is PackedVector3Array and not (found as PackedVector3Array).is_empty():
			_path = found
	is_restless = true


## Looks in a direction, as an angle around the upright axis.
func look(angle: float) -> void:
	_target_yaw = angle


## Moves on along its way. Returns whether it changed its place or where it looks.
func advance(delta: float, is_smooth: bool) -> bool:
	if not is_in_motion():
		return false
	if not is_smooth:
		if not _path.is_empty():
			place = _path[-1]
		_path = []
		yaw = _target_yaw
		_end_walk()
		return true
	if not _path.is_empty():
		var left: float = _way_left()
		var step: float = maxf(walk_speed, left / WALK_SECONDS_MAX) * delta
		while step > 0.0 and not _path.is_empty():
			var to: Vector3 = _path[0]
			var length: float = place.distance_to(to)
			if length > 0.001:
				_target_yaw = atan2(place.x - to.x, place.z - to.z)
			if length > step:
				place = place.move_toward(to, step)
				break
			place = to
			step -= length
			_path.remove_at(0)
		if _path.is_empty():
			_end_walk()
	yaw = lerp_angle(yaw, _target_yaw, minf(1.0, TURN_SPEED * delta))
	if _path.is_empty() and not is_in_motion():
		yaw = _target_yaw
	return true


## Tells once that it has arrived, after the node was put there.
func tell_arrival() -> void:
	if _has_arrived:
		_has_arrived = false
		arrived.emit()


## Adds up the time of frames in which it was left out, and gives it back when it is its turn.
func time_for(delta: float, is_its_turn: bool) -> float:
	_carry += delta
	if not is_its_turn:
		return 0.0
	var time: float = _carry
	_carry = 0.0
	return time


## The pose that it should be in.
func wanted_pose() -> int:
	if is_walking():
		return States.index_of("moving")
	var index: int = States.index_of(model.shown_state())
	# Nobody walks on the spot.
	return 0 if index == States.UNKNOWN or index == States.index_of("moving") else index


## Brings pose and lift nearer to what they should be. Returns whether they changed.
func settle(delta: float, is_smooth: bool) -> bool:
	if not is_restless:
		return false
	var wanted: int = wanted_pose()
	var lifted: float = 1.0 if is_pointed else 0.0
	if not is_smooth:
		pose = wanted
		pose_amount = 1.0
		lift = lifted
	else:
		if pose != wanted:
			pose_amount = move_toward(pose_amount, 0.0, delta * POSE_SPEED * 1.6)
			if pose_amount <= 0.0:
				pose = wanted
		else:
			pose_amount = move_toward(pose_amount, 1.0, delta * POSE_SPEED)
		lift = move_toward(lift, lifted, delta * LIFT_SPEED)
	is_restless = pose != wanted or pose_amount < 1.0 or lift != lifted
	return true


## How much of the label is to be drawn.
func wanted_tag() -> int:
	if not has_label or level == Detail.HIDDEN or not is_on_screen or model.title.is_empty():
		return Tag.NONE
	if is_pointed:
		return Tag.SPEECH if has_speech else Tag.WORDS
	var wanted: int = Tag.WORDS
	if level == Detail.LABEL_ONLY:
		wanted = Tag.NAME
	elif level == Detail.FULL and not is_crowded and has_speech:
		wanted = Tag.SPEECH
	return mini(wanted, room)


## Points at it, or ceases to.
func set_pointed(is_it: bool) -> void:
	if is_it == is_pointed:
		return
	is_pointed = is_it
	is_stale = true
	is_restless = true
	pointed_changed.emit(is_it)


## Takes a level of detail.
func set_level(now: int) -> void:
	if now == level:
		return
	level = now
	is_stale = true
	is_restless = true
	level_changed.emit(now)


func _way_left() -> float:
	var left: float = place.distance_to(_path[0])
	for index: int in range(1, _path.size()):
		left += _path[index - 1].distance_to(_path[index])
	return left


func _end_walk() -> void:
	is_restless = true
	is_stale = true
	_has_arrived = true


func _on_model_changed() -> void:
	is_stale = true
	is_restless = true
