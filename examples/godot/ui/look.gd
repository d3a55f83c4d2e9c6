extends RefCounted
## Colours and shapes of everything flat.

const PANEL: Color = Color(0.125, 0.152, 0.18, 0.94)
const CARD: Color = Color(1.0, 1.0, 1.0, 0.055)
const LINE: Color = Color(1.0, 1.0, 1.0, 0.1)
const TEXT: Color = Color("e8ecef")
const QUIET: Color = Color("a3aeb8")
const ACCENT: Color = Color("6fb1c9")
const INK: Color = Color("14202a")
const GOOD: Color = Color("86d38a")
const BAD: Color = Color("f08a6c")
const WAIT: Color = Color("e8c268")

## A finger needs this much.
const TOUCH: float = 44.0


## The theme of the game.
static func theme() -> Theme:
	var made: Theme = Theme.new()
	made.default_font_size = 15
	made.set_color(&"font_color", &"Label", TEXT)
	made.set_stylebox(&"panel", &"PanelContainer", box(PANEL, 12, 14))
	for kind: StringName in [&"Button", &"OptionButton"]:
		made.set_stylebox(&"normal", kind, box(Color(1, 1, 1, 0.09), 9, 10))
		made.set_stylebox(&"hover", kind, box(Color(1, 1, 1, 0.16), 9, 10))
		made.set_stylebox(&"pressed", kind, box(Color(1, 1, 1, 0.05), 9, 10))
		made.set_stylebox(&"disabled", kind, box(Color(1, 1, 1, 0.03), 9, 10))
		made.set_stylebox(&"focus", kind, frame(ACCENT))
		made.set_color(&"font_color", kind, TEXT)
		made.set_color(&"font_disabled_color", kind, Color(QUIET, 0.6))
	made.set_type_variation(&"MainButton", &"Button")
	made.set_stylebox(&"normal", &"MainButton", box(ACCENT, 9, 10))
	made.set_stylebox(&"hover", &"MainButton", box(ACCENT.lightened(0.15), 9, 10))
	made.set_stylebox(&"pressed", &"MainButton", box(ACCENT.darkened(0.15), 9, 10))
	made.set_stylebox(&"disabled", &"MainButton", box(Color(ACCENT, 0.25), 9, 10))
	for part: StringName in [&"font_color", &"font_hover_color", &"font_pressed_color", &"font_focus_color"]:
		made.set_color(part, &"MainButton", INK)
	_vary_buttons(made)
	made.set_stylebox(&"normal", &"LineEdit", box(Color(0, 0, 0, 0.28), 9, 10))
	made.set_stylebox(&"focus", &"LineEdit", frame(ACCENT))
	made.set_color(&"font_placeholder_color", &"LineEdit", Color(QUIET, 0.75))
	made.set_stylebox(&"background", &"ProgressBar", box(Color(1, 1, 1, 0.1), 2, 0))
	made.set_stylebox(&"fill", &"ProgressBar", box(ACCENT, 2, 0))
	made.set_constant(&"separation", &"VBoxContainer", 8)
	made.set_constant(&"separation", &"HBoxContainer", 8)
	return made


static func _vary_buttons(made: Theme) -> void:
	made.set_type_variation(&"HandButton", &"Button")
	made.set_stylebox(&"normal", &"HandButton", box(WAIT, 9, 10))
	made.set_stylebox(&"hover", &"HandButton", box(WAIT.lightened(0.2), 9, 10))
	made.set_stylebox(&"pressed", &"HandButton", box(WAIT.darkened(0.15), 9, 10))
	made.set_stylebox(&"focus", &"HandButton", frame(Color.WHITE))
	for part: StringName in [&"font_color", &"font_hover_color", &"font_pressed_color", &"font_focus_color"]:
		made.set_color(part, &"HandButton", INK)
	for kind: StringName in [&"QuietButton", &"CardButton"]:
		made.set_type_variation(kind, &"Button")
		made.set_stylebox(&"normal", kind, box(Color.TRANSPARENT, 9, 6))
		made.set_stylebox(&"hover", kind, box(Color(1, 1, 1, 0.08), 9, 6))
		made.set_stylebox(&"pressed", kind, box(Color(1, 1, 1, 0.04), 9, 6))
	made.set_color(&"font_color", &"QuietButton", QUIET)
	made.set_font_size(&"font_size", &"QuietButton", 13)


## A filled rectangle with round corners.
static func box(color: Color, radius: int, padding: float) -> StyleBoxFlat:
	var style: StyleBoxFlat = StyleBoxFlat.new()
	style.bg_color = color
	style.set_corner_radius_all(radius)
	style.set_content_margin_all(padding)
	style.corner_detail = 5
	return style


## A frame around what has the focus.
static func frame(color: Color) -> StyleBoxFlat:
	var style: StyleBoxFlat = box(Color.TRANSPARENT, 9, 10)
	style.set_border_width_all(2)
	style.border_color = color
	return style


## A text.
static func label(text: String, size: int = 15, color: Color = TEXT) -> Label:
	var made: Label = Label.new()
	made.text = text
	made.add_theme_font_size_override(&"font_size", size)
	made.add_theme_color_override(&"font_color", color)
	return made


## A button that a finger can press.
static func button(text: String, pressed: Callable, variation: StringName = &"") -> Button:
	var made: Button = Button.new()
	made.text = text
	made.custom_minimum_size = Vector2(TOUCH, TOUCH)
	made.theme_type_variation = variation
	made.pressed.connect(pressed)
	return made
