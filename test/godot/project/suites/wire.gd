extends "res://suite.gd"

const Wire = preload("res://addons/agentvm/core/wire.gd")


func _there_and_back(value: Variant) -> Variant:
	var problems: PackedStringArray = []
	var text: String = Wire.encode({"value": value}, problems)
	expect_equal("; ".join(problems), "", "problems with %s" % var_to_str(value))
	return Wire.decode_object(text).get("value")


## Floats come back as the very same numbers.
func test_floats_survive() -> void:
	for number: float in [0.1, 1757000000.123, -2.5e-7, 1.0 / 3.0, 1.7976931348623157e308, 123456789012345.67, 0.10000000149011612]:
		expect_equal(_there_and_back(number), number, "float")


## Whole numbers come back as integers, up to what JSON's readers agree on.
func test_integers_survive() -> void:
	for number: int in [0, -1, 2_147_483_648, 1_757_000_000_123, 9_007_199_254_740_991, -9_007_199_254_740_991]:
		expect_equal(_there_and_back(number), number, "int")


## Text with quotes, line breaks, control characters and any script comes back unchanged.
func test_text_survives() -> void:
	for text: String in ["", "a\"b\\c/d", "line\nbreak\ttab\rreturn", "\u0001\u000b\u001f", "Ünïcødé 日本語 😀👩‍🚀", "</script>"]:
		expect_equal(_there_and_back(text), text, "text")
		expect(JSON.new().parse(Wire.encode(text, [])) == OK, "valid JSON for %s" % var_to_str(text))


## What only Godot has is sent in the wire's form.
func test_godot_types() -> void:
	expect_equal(_there_and_back(Vector3(1.5, 2, -3)), {"x": 1.5, "y": 2.0, "z": -3.0}, "Vector3")
	expect_equal(_there_and_back(&"name"), "name", "StringName")
	expect_equal(_there_and_back(PackedStringArray(["a", "b"])), ["a", "b"], "PackedStringArray")
	expect_equal(_there_and_back(Color.html("#0066CC")), "#0066CC", "Color")
	expect_equal(_there_and_back({1: [true, null]}), {"1": [true, null]}, "Dictionary")


## What JSON cannot hold is named with its place, and nothing is printed as an error.
func test_what_cannot_be_sent_is_named() -> void:
	for value: Variant in [NAN, INF, -INF, Callable(self, "queue_free"), self]:
		var problems: PackedStringArray = []
		Wire.encode({"position": {"x": value}}, problems)
		expect_equal(problems.size(), 1, "problems")
		expect_contains("; ".join(problems), "body.position.x", "place")
	var circle: Dictionary = {}
	circle["again"] = circle
	var found: PackedStringArray = []
	Wire.encode(circle, found)
	expect_contains("; ".join(found), "nested deeper", "a circle")
	circle.clear()


## Text that is not JSON is null, quietly.
func test_what_is_not_json() -> void:
	for text: String in ["", "nope", "{", "<html>", "[1,"]:
		expect_equal(Wire.decode(text), null, "not JSON")
	expect_equal(Wire.decode_object("[1]"), {}, "no object")


## Fields that are shares and coordinates stay floats.
func test_float_fields() -> void:
	var read: Dictionary = Wire.decode_object("{\"progress\":1,\"seq\":1,\"position\":{\"x\":2,\"y\":0,\"z\":-3}}")
	expect_equal(read, {"progress": 1.0, "seq": 1, "position": {"x": 2.0, "y": 0.0, "z": -3.0}}, "fields")


## A position may be given in any of Godot's ways.
func test_positions() -> void:
	expect_equal(Wire.to_position(Vector2(1, 2)), {"x": 1.0, "y": 2.0, "z": 0}, "Vector2")
	expect_equal(Wire.to_position({"x": 1}), {"x": 1}, "Dictionary")
	expect_equal(AgentVMManager.to_vector3({"x": 1, "y": 2.5, "z": -3}), Vector3(1, 2.5, -3), "to_vector3")
	expect_equal(AgentVMManager.to_vector3(null), Vector3.ZERO, "no position")

