"""The ground floor: the form as data, its values, and everything that is kept."""
