"""The paper form and the power of attorney."""
