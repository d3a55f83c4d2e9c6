@tool
extends RefCounted
## Turns what GDScript has into the wire's JSON and back: the one place that knows how the two differ.
##
## Godot reads every JSON number as a float, writes control characters that JSON forbids, and prints an
## error for text that it cannot read; none of that leaves this file.

## Deeper than this nothing is sent: a container that holds itself has no end.
const DEPTH_MAX: int = 64
## Whole numbers below it are exact in every reader of JSON. Not written out: GDScript reads long literals
## of floats imprecisely.
const INTEGER_END: int = 1 << 53

## Fields that stay floats when their value happens to be whole.
const FLOAT_FIELDS: Dictionary[String, bool] = {
	"x": true,
	"y": true,
	"z": true,
	"progress": true,
	"timeout": true,
	"execution_time": true,
	"friendliness": true,
	"efficiency": true,
	"creativity": true,
	"talkativeness": true,
	"collaboration": true,
	"task_completion_rate": true,
	"uptime_seconds": true,
	"heartbeat_seconds": true,
	"error_rate": true,
	"p50": true,
	"p95": true,
	"p99": true,
	"cpu_seconds": true,
}


## The value as JSON text. What cannot be sent is named in [param problems], with where it is.
static func encode(value: Variant, problems: PackedStringArray, where: String = "body") -> String:
	var parts: PackedStringArray = []
	_write(value, parts, problems, where, 0)
	return "".join(parts)


## The value of a JSON text, with whole numbers as [int]; null when it is not JSON.
static func decode(source: String) -> Variant:
	var reader: JSON = JSON.new()
	if reader.parse(source) != OK:
		return null
	return with_integers(reader.data)


## The object in a JSON text as Godot reads it, every number a [float], for a caller that hands its parts to
## [method with_integers]; an empty one when the text holds none.
static func read_object(source: String) -> Dictionary:
	var reader: JSON = JSON.new()
	if reader.parse(source) == OK and reader.data is Dictionary:
		return reader.data
	return {}


## What Godot read of JSON, changed in place: its whole numbers become [int].
static func with_integers(value: Variant) -> Variant:
	return _with_integers(value, false)


## The object in a JSON text; an empty one when it holds none.
static func decode_object(source: String) -> Dictionary:
	var value: Variant = decode(source)
	if value is Dictionary:
		return value
	return {}


## A position as the wire has it, from a [Vector3], a [Vector2] (whose y stays y, with z 0) or a
## [Dictionary] with x, y and z. Anything else stays what it is, and the check of the body names it.
static func to_position(value: Variant) -> Variant:
	if value is Vector3:
		var in_space: Vector3 = value
		return {"x": coordinate(in_space.x), "y": coordinate(in_space.y), "z": coordinate(in_space.z)}
	if value is Vector3i:
		var on_grid: Vector3i = value
		return {"x": on_grid.x, "y": on_grid.y, "z": on_grid.z}
	if value is Vector2:
		var on_plane: Vector2 = value
		return {"x": coordinate(on_plane.x), "y": coordinate(on_plane.y), "z": 0}
	if value is Vector2i:
		var on_cells: Vector2i = value
		return {"x": on_cells.x, "y": on_cells.y, "z": 0}
	return value


## A coordinate of a vector, which holds 32 bits of it, as the number with the fewest digits that is the same one
## there: 0.1, and not 0.10000000149011612.
static func coordinate(value: float) -> float:
	return var_to_str(value).to_float() if is_finite(value) else value


## The [Vector3] of a position of the wire; the origin for anything else.
static func to_vector(value: Variant) -> Vector3:
	if value is Vector3:
		return value
	if not value is Dictionary:
		return Vector3.ZERO
	var fields: Dictionary = value
	var x: Variant = fields.get("x")
	var y: Variant = fields.get("y")
	var z: Variant = fields.get("z")
	if x is float and y is float and z is float:
		# As events have them.
		return Vector3(x, y, z)
	return Vector3(number(x), number(y), number(z))


## A text of the wire; empty for anything that is not one, null included.
static func text(value: Variant) -> String:
	if value is String or value is StringName:
		return str(value)
	return ""


## Whether something is an id as the wire has them.
static func is_id(value: Variant) -> bool:
	var given: String = text(value)
	if given.is_empty() or given.length() > 64:
		return false
	for character: String in given:
		var is_letter: bool = character >= "a" and character <= "z" or character >= "A" and character <= "Z"
		if not is_letter and not (character >= "0" and character <= "9") and not "_-".contains(character):
			return false
	return true


## A number of the wire; [param otherwise] for anything that is not one.
static func number(value: Variant, otherwise: float = 0.0) -> float:
	if value is float or value is int:
		return value
	return otherwise


## A whole number of the wire; [param otherwise] for anything that is not one.
static func integer(value: Variant, otherwise: int = 0) -> int:
	if value is int:
		return value
	if value is float:
		var given: float = value
		# Outside of these a float becomes any integer at all.
		return int(clampf(given, -INTEGER_END, INTEGER_END))
	return otherwise


## An object of the wire; an empty one for anything that is not one.
static func object(value: Variant) -> Dictionary:
	if value is Dictionary:
		return value
	return {}


## The objects of a list of the wire; what is not an object is left out.
static func objects(value: Variant) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	if value is Array:
		for item: Variant in value:
			if item is Dictionary:
				found.append(item)
	return found


## The texts of a list of the wire; what is not a text is left out.
static func texts(value: Variant) -> Array[String]:
	var found: Array[String] = []
	if value is Array:
		for item: Variant in value:
			if item is String:
				found.append(item)
	return found


## A text as JSON has it, in quotation marks.
static func quote(given: String) -> String:
	# Nearly all keys and ids are such names, and need no look at each of their characters.
	if given.is_valid_ascii_identifier():
		return "\"" + given + "\""
	var escaped: String = given.replace("\\", "\\\\").replace("\"", "\\\"")
	for code: int in range(0x01, 0x20):
		# Text with a control character is rare, so the search is the whole cost.
		var character: String = String.chr(code)
		if escaped.contains(character):
			escaped = escaped.replace(character, "\\u%04x" % code)
	return "\"" + escaped + "\""


static func _with_integers(value: Variant, keep_float: bool) -> Variant:
	if value is float:
		var given: float = value
		if not keep_float and absf(given) < float(INTEGER_END) and given == floorf(given):
			return int(given)
		return given
	if value is Dictionary:
		var fields: Dictionary = value
		for key: Variant in fields:
			var field: Variant = fields[key]
			if field is float or field is Dictionary or field is Array:
				fields[key] = _with_integers(field, FLOAT_FIELDS.has(str(key)))
	elif value is Array:
		var items: Array = value
		for index: int in items.size():
			items[index] = _with_integers(items[index], false)
	return value


static func _write(
	value: Variant,
	parts: PackedStringArray,
	problems: PackedStringArray,
	where: String,
	depth: int,
) -> void:
	if depth > DEPTH_MAX:
		problems.append("%s is nested deeper than %d levels" % [where, DEPTH_MAX])
		return
	match typeof(value):
		TYPE_NIL:
			parts.append("null")
		TYPE_BOOL, TYPE_INT:
			parts.append(str(value))
		TYPE_FLOAT:
			_write_number(value, parts, problems, where)
		TYPE_STRING, TYPE_STRING_NAME, TYPE_NODE_PATH:
			parts.append(quote(str(value)))
		TYPE_DICTIONARY:
			_write_object(value, parts, problems, where, depth)
		TYPE_VECTOR2, TYPE_VECTOR2I, TYPE_VECTOR3, TYPE_VECTOR3I:
			_write_object(to_position(value), parts, problems, where, depth)
		TYPE_COLOR:
			var color: Color = value
			parts.append(quote("#" + color.to_html(false).to_upper()))
		TYPE_ARRAY, TYPE_PACKED_BYTE_ARRAY, TYPE_PACKED_INT32_ARRAY, TYPE_PACKED_INT64_ARRAY, \
		TYPE_PACKED_FLOAT32_ARRAY, TYPE_PACKED_FLOAT64_ARRAY, TYPE_PACKED_STRING_ARRAY, \
		TYPE_PACKED_VECTOR2_ARRAY, TYPE_PACKED_VECTOR3_ARRAY, TYPE_PACKED_COLOR_ARRAY:
			_write_list(value, parts, problems, where, depth)
		_:
			problems.append("%s is a %s, which JSON cannot hold" % [where, type_string(typeof(value))])


static func _write_number(
	value: float,
	parts: PackedStringArray,
	problems: PackedStringArray,
	where: String,
) -> void:
	if not is_finite(value):
		problems.append("%s must be a finite number" % where)
		return
	# The fewest digits that give the same number back. JSON.stringify keeps 14 or 15 of them, and var_to_str those
	# that do for 32 bits where the number fits into them.
	parts.append(String.num_scientific(value))


static func _write_object(
	fields: Dictionary,
	parts: PackedStringArray,
	problems: PackedStringArray,
	where: String,
	depth: int,
) -> void:
	parts.append("{")
	var first: bool = true
	for key: Variant in fields:
		if not first:
			parts.append(",")
		first = false
		parts.append(quote(str(key)))
		parts.append(":")
		_write(fields[key], parts, problems, "%s.%s" % [where, key], depth + 1)
	parts.append("}")


static func _write_list(
	items: Variant,
	parts: PackedStringArray,
	problems: PackedStringArray,
	where: String,
	depth: int,
) -> void:
	parts.append("[")
	var index: int = 0
	for item: Variant in items:
		if index > 0:
			parts.append(",")
		_write(item, parts, problems, "%s.%d" % [where, index], depth + 1)
		index += 1
	parts.append("]")
