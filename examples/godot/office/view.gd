extends Camera3D
## Looks at the office from above at an angle. Drag to move, wheel or two fingers to come nearer.

const PITCH: float = deg_to_rad(-50.0)
const DISTANCE_MIN: float = 9.0
const DISTANCE_MAX: float = 34.0
## Width for its height that the picture must have for the whole office to fit at the usual distance.
const USUAL_ASPECT: float = 1.55

## Pixels at the right that something flat covers; the office is shown beside it.
var covered: float = 0.0:
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
	var height: float = get_viewport().get_visible_rect().size.y
	var metres: float = 2.0 * _distance() * tan(deg_to_rad(fov) / 2.0) / height
	_target.x = clampf(_target.x - by.x * metres, -9.0, 9.0)
	_target.z = clampf(_target.z - by.y * metres / absf(sin(PITCH)), -7.0, 7.0)
	_place()


func _come(factor: float) -> void:
	_zoom = clampf(_zoom * factor, 0.3, 1.4)
	_place()


func _distance() -> float:
	var size: Vector2 = get_viewport().get_visible_rect().size
	var narrow: float = maxf(1.0, USUAL_ASPECT / maxf(0.1, (size.x - covered) / maxf(1.0, size.y)))
	return clampf(24.0 * narrow * _zoom, DISTANCE_MIN, DISTANCE_MAX * narrow)


func _place() -> void:
	var turn: Basis = Basis(Vector3.RIGHT, PITCH)
	var metres: float = 2.0 * _distance() * tan(deg_to_rad(fov) / 2.0) / get_viewport().get_visible_rect().size.y
	global_transform = Transform3D(turn, _target + turn.z * _distance() + Vector3.RIGHT * covered / 2.0 * metres)
