extends Camera3D
## Looks at the office from above at an angle. Drag to move, wheel or two fingers to come nearer.

const PITCH: float = deg_to_rad(-50.0)
const DISTANCE_MIN: float = 9.0
## Distance from which the whole office is seen in a picture of the usual aspect, and in one that is upright.
const DISTANCE: float = 24.0
const USUAL_ASPECT: float = 1.55
const DISTANCE_UPRIGHT: float = 48.0
const USUAL_ASPECT_UPRIGHT: float = 0.46

## Pixels at the right that something flat covers, and those at the top that are more than at the bottom; the office is
## shown beside it.
var covered: Vector2 = Vector2.ZERO:
	set(value):
		covered = value
		if is_inside_tree():
			_place()

var _target: Vector3 = Vector3(-0.1, 0.0, 0.5)
var _zoom: float = 1.0
var _touches: Dictionary[int, Vector2] = {}


func _ready() -> void:
	get_viewport().size_changed.connect(_place)
	_place()


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventScreenTouch:
		var touch: InputEventScreenTouch = event
		if touch.pressed:
			_touches[touch.index] = touch.position
		else:
			_touches.erase(touch.index)
	elif event is InputEventScreenDrag:
		_drag(event as InputEventScreenDrag)
	elif event is InputEventMouseMotion and _touches.is_empty():
		var motion: InputEventMouseMotion = event
		if motion.button_mask & (MOUSE_BUTTON_MASK_LEFT | MOUSE_BUTTON_MASK_MIDDLE | MOUSE_BUTTON_MASK_RIGHT):
			_move(motion.relative)
	elif event is InputEventMouseButton:
		var button: InputEventMouseButton = event
		if button.pressed and button.button_index == MOUSE_BUTTON_WHEEL_UP:
			_come(0.92)
		elif button.pressed and button.button_index == MOUSE_BUTTON_WHEEL_DOWN:
			_come(1.0 / 0.92)


func _drag(drag: InputEventScreenDrag) -> void:
	if _touches.size() == 2 and _touches.has(drag.index):
		var other: Vector2 = Vector2.ZERO
		for index: int in _touches:
			if index != drag.index:
				other = _touches[index]
		_come(maxf(1.0, other.distance_to(_touches[drag.index])) / maxf(1.0, other.distance_to(drag.position)))
	elif _touches.size() <= 1:
		_move(drag.relative)
	_touches[drag.index] = drag.position


func _move(by: Vector2) -> void:
	var turn: Basis = Basis(Vector3.UP, _yaw())
	_target -= turn * Vector3(by.x, 0.0, by.y / absf(sin(PITCH))) * _metres()
	_target = _target.clamp(Vector3(-9.0, 0.0, -7.0), Vector3(9.0, 0.0, 7.0))
	_place()


func _come(factor: float) -> void:
	_zoom = clampf(_zoom * factor, 0.3, 1.4)
	_place()


## An upright picture, as of a phone, looks along the office, which fits into it then.
func _is_upright() -> bool:
	var size: Vector2 = get_viewport().get_visible_rect().size
	return size.y > size.x


func _yaw() -> float:
	return PI / 2.0 if _is_upright() else 0.0


func _distance() -> float:
	var size: Vector2 = get_viewport().get_visible_rect().size
	var aspect: float = maxf(0.1, (size.x - covered.x) / maxf(1.0, size.y))
	var usual: float = DISTANCE_UPRIGHT if _is_upright() else DISTANCE
	var usual_aspect: float = USUAL_ASPECT_UPRIGHT if _is_upright() else USUAL_ASPECT
	return maxf(DISTANCE_MIN, usual * maxf(1.0, usual_aspect / aspect) * _zoom)


## Metres in the middle of the picture for one of its pixels.
func _metres() -> float:
	return 2.0 * _distance() * tan(deg_to_rad(fov) / 2.0) / get_viewport().get_visible_rect().size.y


func _place() -> void:
	var turn: Basis = Basis(Vector3.UP, _yaw()) * Basis(Vector3.RIGHT, PITCH)
	var aside: Vector3 = turn * Vector3(covered.x, covered.y, 0.0) / 2.0 * _metres()
	global_transform = Transform3D(turn, _target + turn.z * _distance() + aside)
