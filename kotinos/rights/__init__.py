"""Who may do what with what, where, when and through which outlet."""
