@tool
extends RichTextLabel
## A unified diff: each line with its sign, what came on green and what went on red.

const Look = preload("dialog_look.gd")

## Lines that are shown at the most, and characters of each.
const LINES_MAX: int = 1_500
const LINE_MAX: int = 300
const CAME: Color = Color(0.30, 0.62, 0.36, 0.28)
const WENT: Color = Color(0.80, 0.32, 0.26, 0.28)

# Lines of the hunk that are still to come, of those that came and of those that went.
var _came_left: int = 0
var _went_left: int = 0


func _init() -> void:
	fit_content = true
	scroll_active = false
	autowrap_mode = TextServer.AUTOWRAP_ARBITRARY
	# A finger that draws over it moves what it stands in.
	mouse_filter = Control.MOUSE_FILTER_PASS
	add_theme_font_size_override(&"normal_font_size", 14)
	# Else the colours of two lines would lie over each other.
	add_theme_constant_override(&"text_highlight_v_padding", 0)


## Shows a diff; an empty text shows nothing.
func show_diff(diff: String) -> void:
	clear()
	visible = not diff.is_empty()
	_came_left = 0
	_went_left = 0
	var lines: PackedStringArray = diff.trim_suffix("\n").split("\n") if visible else PackedStringArray()
	var is_first: bool = true
	for index: int in mini(lines.size(), LINES_MAX):
		if _came_left <= 0 and _went_left <= 0 and _is_head(lines[index]):
			continue
		if not is_first:
			newline()
		is_first = false
		_add_line(lines[index])
	if lines.size() > LINES_MAX:
		newline()
		_add_colored("… and %d lines more" % (lines.size() - LINES_MAX), Look.QUIET)


## A line of a hunk begins with a sign, whatever stands behind it; of its head a player wants to know the file and the line.
func _add_line(line: String) -> void:
	if _came_left > 0 or _went_left > 0:
		_came_left -= 0 if line.begins_with("-") or line.begins_with("\\") else 1
		_went_left -= 0 if line.begins_with("+") or line.begins_with("\\") else 1
	elif line.begins_with("+++ "):
		_add_colored(line.substr(4).trim_prefix("b/"), Look.TEXT)
		return
	elif line.begins_with("@@ "):
		_begin_hunk(line)
		return
	var shown: String = line.replace("\t", "    ").strip_escapes()
	if shown.length() > LINE_MAX:
		shown = shown.left(LINE_MAX) + "…"
	if line.begins_with("+"):
		_add_on(shown, CAME)
	elif line.begins_with("-"):
		_add_on(shown, WENT)
	else:
		add_text(shown)


## Reads how many lines a hunk has, as in [code]@@ -1,2 +1,3 @@[/code]; a number that is left out is 1.
func _begin_hunk(line: String) -> void:
	var sides: PackedStringArray = line.split(" ")
	var went: PackedStringArray = sides[1].trim_prefix("-").split(",")
	var came: PackedStringArray = (sides[2] if sides.size() > 2 else "").trim_prefix("+").split(",")
	_went_left = went[1].to_int() if went.size() > 1 else 1
	_came_left = came[1].to_int() if came.size() > 1 else 1
	_add_colored("line %s" % came[0], Look.QUIET)


## Lines that only say again which file it is.
static func _is_head(line: String) -> bool:
	return line.begins_with("diff --git ") or line.begins_with("index ") or line.begins_with("--- ")


func _add_colored(text_of_it: String, color: Color) -> void:
	push_color(color)
	add_text(text_of_it)
	pop()


func _add_on(text_of_it: String, color: Color) -> void:
	push_bgcolor(color)
	add_text(text_of_it)
	pop()
